-- Amounts that five creditors or more were paid: one row per amount.
select total_invoice_amount, count(distinct creditor_reference) as creditors
from creditors_history
where total_invoice_amount > 0
group by total_invoice_amount
having count(distinct creditor_reference) > 4
order by total_invoice_amount
