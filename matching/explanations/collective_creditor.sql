-- Creditor references that stand for many payees: one row per group with one that has more than ten names.
select group_no, max(names) as names
from (select distinct group_no, creditor_reference from members)
join collective_references using (creditor_reference)
group by group_no
order by group_no
