-- Days on which a creditor was paid under more than five invoice numbers: one row per creditor and day.
select creditor_reference, invoice_date, count(distinct invoice_key) as numbers
from creditors_history
where total_invoice_amount > 0 and invoice_date is not null
group by creditor_reference, invoice_date
having count(distinct invoice_key) > 5
order by creditor_reference, invoice_date
