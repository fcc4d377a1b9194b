-- Credit notes: one row each, with the amount as a positive sum, and whether a payment of that amount bears its
-- invoice number.
with
credit as (
    select record, creditor_reference, invoice_key, invoice_date, vat_amount, -total_invoice_amount as amount
    from creditors_history
    where total_invoice_amount < 0
),
answered as (           -- every creditor, invoice number and amount that was both credited and paid
    select distinct paid.creditor_reference, paid.invoice_key, paid.total_invoice_amount as amount
    from creditors_history as paid
    join credit
        on credit.creditor_reference = paid.creditor_reference
        and credit.invoice_key = paid.invoice_key
        and credit.amount = paid.total_invoice_amount
)
select credit.*, answered.amount is not null as is_answered
from credit
left join answered using (creditor_reference, invoice_key, amount)
order by record
