-- Invoice numbers that a creditor was paid under more than once: one row per creditor and number.
select
    creditor_reference,
    invoice_key,
    count(*) as payments,
    count(distinct total_invoice_amount) as amounts
from creditors_history
where total_invoice_amount > 0 and invoice_key is not null
group by creditor_reference, invoice_key
having count(*) > 1
order by creditor_reference, invoice_key
