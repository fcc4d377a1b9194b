-- Somebody who was not yet sixteen, and so had no NI number yet: one row per group.
select
    group_no,
    max(age_when_paid) as age
from members
group by group_no
having max(age_when_paid) < 16
    and min(age_when_paid) >= 13
order by group_no
