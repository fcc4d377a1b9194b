-- Two to four people of one surname who are not known to share a post code: one row per group.
select
    group_no,
    count(distinct person_name_key) as people
from members
group by group_no
having count(distinct surname_key) = 1
    and count(surname_key) = count(*)
    and count(distinct person_name_key) between 2 and 4
    and not (count(distinct post_code_key) = 1 and count(post_code_key) = count(*))
order by group_no
