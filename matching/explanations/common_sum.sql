-- Amounts that many creditors were paid: one row per group whose amount five or more have had.
select group_no, max(creditors) as creditors, 5.0 / max(creditors) as weight
from (select distinct group_no, total_invoice_amount from members)
join common_sums using (total_invoice_amount)
group by group_no
order by group_no
