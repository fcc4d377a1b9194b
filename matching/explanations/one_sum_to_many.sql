-- One amount to three creditors or more at one post code: one row per such group.
select group_no, count(distinct creditor_reference) as creditors
from members
group by group_no
having count(distinct creditor_reference) > 2
order by group_no
