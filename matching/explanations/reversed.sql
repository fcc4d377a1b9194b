-- Payments that were taken back by credits: one row per group.
-- A credit counts under the same invoice number; under a number of its own, within 180 days, and once: for a
-- payment of the last date before it.
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
unclaimed as (          -- credits whose own invoice number stands on no payment of that amount
    select * from credits where not is_answered
),
dated as (              -- one row per creditor, amount and date of first payment, and one per such credit
    select distinct
        creditor_reference,
        amount,
        first_paid as invoice_date,
        false as is_credit,
        cast(null as bigint) as record
    from paid
    where first_paid is not null
    union all
    select creditor_reference, amount, invoice_date, true, record
    from unclaimed
    where invoice_date is not null
),
walked as (             -- the same, with the date of payment last before: a walk in order of date, no pairs
    select
        *,
        last_value(case when not is_credit then invoice_date end ignore nulls) over (
            partition by creditor_reference, amount
            order by invoice_date, is_credit, record
            rows unbounded preceding
        ) as paid_on
    from dated
),
credited as (           -- one row per such credit that counts, with its turn among those of one date of payment
    select
        *,
        row_number() over (
            partition by creditor_reference, amount, paid_on
            order by invoice_date, record
        ) - 1 as turn
    from walked
    where is_credit and invoice_date <= paid_on + 180
),
placed as (             -- `paid`, with its place among what was first paid on that date
    select
        *,
        row_number() over (day order by group_no, invoice_key) - 1 as place,
        count(*) over day as places
    from paid
    where first_paid is not null
    window day as (partition by creditor_reference, amount, first_paid)
),
applied as (            -- one row per group and credit that counts for it
    select paid.group_no, credits.record, credits.invoice_date, credits.amount
    from paid
    join credits
        on credits.creditor_reference = paid.creditor_reference
        and credits.amount = paid.amount
        and credits.invoice_key = paid.invoice_key
    union
    select placed.group_no, credited.record, credited.invoice_date, credited.amount
    from credited
    join placed
        on placed.creditor_reference = credited.creditor_reference
        and placed.amount = credited.amount
        and placed.first_paid = credited.paid_on
        and placed.place = credited.turn % placed.places
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
