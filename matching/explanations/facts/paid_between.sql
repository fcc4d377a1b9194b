-- When each creditor was paid: one row per creditor.
select
    creditor_reference,
    count(distinct invoice_date) as dates,
    min(invoice_date) as first,
    max(invoice_date) as last
from creditors_history
where total_invoice_amount > 0 and creditor_reference is not null
group by creditor_reference
order by creditor_reference
