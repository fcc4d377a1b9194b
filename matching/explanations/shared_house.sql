-- Up to four people of three surnames or more at one address: one row per group.
select
    group_no,
    count(distinct person_name_key) as people,
    count(distinct surname_key) as surnames
from members
group by group_no
having count(distinct person_name_key) <= 4
order by group_no
