-- Amounts that a creditor is paid regularly, under whatever invoice number: one row per such group, unless
-- payments inside the group come sooner after each other than half the period: regularity explains no double.
with
inside as (             -- one row per group, creditor and amount
    select group_no, creditor_reference, total_invoice_amount as amount, count(*) as payments
    from members
    group by group_no, creditor_reference, total_invoice_amount
),
numbered as (           -- one row per payment, with the internal number as a number
    select
        *,
        try_cast(nullif(regexp_replace(internal_invoice_number, '\D', '', 'g'), '') as hugeint) as internal_order
    from members
),
stepped as (            -- the same, with the days and numbers since the payment to this name before
    select
        group_no,
        invoice_date - lag(invoice_date) over line as gap,
        internal_order - lag(internal_order) over line as numbers
    from numbered
    window line as (
        partition by group_no, creditor_name_key, total_invoice_amount order by invoice_date, internal_order, record
    )
),
closest as (            -- one row per group: days between its two closest payments, lines of one invoice left out
    select
        group_no,
        min(gap) filter (where not (gap = 0 and coalesce(numbers <= 100, false) and in_lines >= 0.05)) as closest
    from stepped
    cross join ledger_of_lines
    group by group_no
)
select
    group_no,
    max(dated_payments - inside.payments) as others,
    max(period) as period,
    min(first) as first,
    max(last) as last
from inside
join paid_amounts
    on paid_amounts.creditor_reference = inside.creditor_reference
    and paid_amounts.total_invoice_amount = inside.amount
join closest using (group_no)
where is_regular
    and coalesce(closest >= period / 2.0, true)
    and dated_payments > inside.payments
group by group_no
order by group_no
