-- Lines of one invoice that was coded to several budgets: one row per group that has such lines.
-- Lines belong together when they share invoice date, creditor and the spelling of the number, and their internal
-- numbers are neighbours. In a ledger that holds each invoice on one row, neighbours may as well be an invoice
-- that was keyed twice in a row. So the reason counts in full only where the lines bear one internal number, where
-- three or more stand in a row, or where the ledger holds lines: one invoice in twenty or more stands on several
-- rows with different amounts.
with
numbered as (           -- one row per payment, with the internal number as a number
    select
        group_no,
        record,
        creditor_reference,
        invoice_date,
        payment_date,
        supplier_invoice_number,
        total_invoice_amount as amount,
        try_cast(nullif(regexp_replace(internal_invoice_number, '\D', '', 'g'), '') as hugeint) as internal_order
    from members
),
stepped as (            -- the same, with whether it begins a new booking
    select
        *,
        coalesce(
            internal_order - lag(internal_order) over line > 20
            or payment_date is distinct from lag(payment_date) over line
            or supplier_invoice_number is distinct from lag(supplier_invoice_number) over line,
            true
        ) as begins
    from numbered
    window line as (
        partition by group_no, creditor_reference, invoice_date
        order by internal_order, payment_date, supplier_invoice_number, record
    )
),
booked as (             -- the same, with the number of its booking
    select
        *,
        count(case when begins then 1 end) over (
            partition by group_no, creditor_reference, invoice_date
            order by internal_order, payment_date, supplier_invoice_number, record
            rows unbounded preceding
        ) as booking
    from stepped
),
booking as (            -- one row per booking
    select group_no, count(*) as lines, count(distinct internal_order) as numbers, sum(amount) as total
    from booked
    group by group_no, creditor_reference, invoice_date, booking
),
judged as (             -- one row per group with lines
    select
        group_no,
        cast(sum(lines) as bigint) as lines,
        count(*) as bookings,
        cast(sum(total) - max(total) as bigint) as between_bookings,
        max(in_lines) >= 0.05 or bool_and(lines <> 2 or numbers = 1) as are_lines
    from booking
    cross join ledger_of_lines
    group by group_no
    having sum(lines) > count(*)
)
select
    group_no,
    lines,
    bookings,
    case when are_lines then '' else ', or like one that was keyed twice in a row' end as doubt,
    between_bookings as outside_pence,
    case when are_lines then between_bookings end as still_at_risk,
    case when bookings > 1 then 0.9 when are_lines then 0.02 else 0.05 end as weight
from judged
order by group_no
