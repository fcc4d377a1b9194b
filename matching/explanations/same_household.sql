-- Several people at one address, or at one post code where the house is not known: one row per group.
select
    group_no,
    count(distinct person_name_key) as people,
    count(distinct surname_key) as surnames,
    case when count(address_key) = count(*) then 'address' else 'post code' end as place
from members
group by group_no
having count(distinct person_name_key) > 1
    and count(distinct person_name_key) <= 6
    and count(distinct post_code_key) = 1
    and count(post_code_key) = count(*)
    and count(distinct address_key) <= 1
order by group_no
