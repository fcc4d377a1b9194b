-- How far the ledger holds lines of invoices, not whole ones: one row with the share of invoices that stand on
-- several rows with different amounts.
select avg(case when least <> most then 1.0 else 0.0 end) as in_lines
from (
    select min(total_invoice_amount) as least, max(total_invoice_amount) as most
    from creditors_history
    where invoice_key is not null
    group by creditor_reference, invoice_key, invoice_date
)
