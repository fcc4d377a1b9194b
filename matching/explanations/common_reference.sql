-- Invoice numbers that many creditors use: one row per group whose number three or more have used.
select group_no, max(creditors) as creditors, 2.0 / max(creditors) as weight
from (select distinct group_no, invoice_key from members)
join common_numbers using (invoice_key)
group by group_no
order by group_no
