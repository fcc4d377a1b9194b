-- Creditor references that stand for more than ten names: one row per reference.
select creditor_reference, count(distinct creditor_name) as names
from creditors_standing
where creditor_reference is not null
group by creditor_reference
having count(distinct creditor_name) > 10
order by creditor_reference
