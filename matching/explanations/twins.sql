-- People of one surname at one post code who differ in forename and NI number: one row per group.
select group_no
from members
group by group_no
having count(distinct surname_key) = 1
    and count(distinct post_code_key) = 1
    and count(post_code_key) = count(*)
    and count(distinct person_name_key) = count(*)
    and count(distinct nino_key) = count(*)
order by group_no
