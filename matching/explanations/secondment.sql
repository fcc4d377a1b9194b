-- Posts of one person of which a department speaks of a secondment: one row per group.
select
    group_no,
    min(case when regexp_matches(upper(department), '\bSECOND(ED|MENTS?)\b') then department end) as department
from members
group by group_no
having count(case when regexp_matches(upper(department), '\bSECOND(ED|MENTS?)\b') then 1 end) > 0
    and count(distinct person_name_key) = 1
order by group_no
