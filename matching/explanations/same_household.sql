-- Several people at one post code: one row per group.
select group_no, count(distinct person_name_key) as people
from members
group by group_no
having count(distinct post_code_key) = 1
    and count(post_code_key) = count(*)
    and count(distinct person_name_key) > 1
order by group_no
