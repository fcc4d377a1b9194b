-- A telephone number or an e-mail address of people of five names or more: one row per group.
select
    group_no,
    count(distinct person_name_key) as names,
    2.0 / count(distinct person_name_key) as weight
from members
group by group_no
having count(distinct person_name_key) >= 5
order by group_no
