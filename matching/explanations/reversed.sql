-- Payments that were taken back by credits: one row per group.
-- A credit counts under the same invoice number, or under a number of its own within 180 days.
with
paid as (               -- one row per group and creditor, invoice number and amount in it
    select
        group_no,
        creditor_reference,
        invoice_key,
        total_invoice_amount as amount,
        min(invoice_date) as first_paid
    from members
    group by group_no, creditor_reference, invoice_key, total_invoice_amount
),
groups as (             -- one row per group
    select
        group_no,
        count(*) as payments,
        sum(total_invoice_amount) as total,
        max(total_invoice_amount) as largest
    from members
    group by group_no
),
credit as (             -- one row per credit note
    select
        record,
        creditor_reference,
        invoice_key,
        invoice_date,
        -total_invoice_amount as amount
    from creditors_history
    where total_invoice_amount < 0
),
invoiced as (           -- every creditor, invoice number and amount that was paid
    select distinct creditor_reference, invoice_key, total_invoice_amount as amount
    from creditors_history
    where total_invoice_amount > 0
),
unclaimed as (          -- credits whose own invoice number stands on no payment of that amount
    select credit.*
    from credit
    left join invoiced using (creditor_reference, invoice_key, amount)
    where invoiced.amount is null
),
applied as (            -- one row per group and credit that counts for it
    select paid.group_no, credit.record, credit.invoice_date, credit.amount
    from paid
    join credit
        on credit.creditor_reference = paid.creditor_reference
        and credit.amount = paid.amount
        and credit.invoice_key = paid.invoice_key
    union
    select paid.group_no, unclaimed.record, unclaimed.invoice_date, unclaimed.amount
    from paid
    join unclaimed
        on unclaimed.creditor_reference = paid.creditor_reference
        and unclaimed.amount = paid.amount
        and unclaimed.invoice_date between paid.first_paid and paid.first_paid + 180
),
taken_back as (         -- one row per group
    select
        group_no,
        count(*) as credits,
        sum(amount) as credited,
        max(amount) as amount_pence,
        min(invoice_date) as first_credit,
        max(invoice_date) as last_credit
    from applied
    group by group_no
)
select
    group_no,
    credits,
    payments,
    greatest(payments - credits, 0) as left,
    cast(amount_pence as bigint) as amount_pence,
    first_credit,
    last_credit,
    cast(greatest(total - largest - credited, 0) as bigint) as still_at_risk
from taken_back
join groups using (group_no)
order by group_no
