-- Lines of one invoice that was coded to several budgets: one row per group that has such lines.
-- Lines belong together when they share invoice date and creditor and their internal numbers are neighbours.
with
numbered as (           -- one row per payment, with the internal number as a number
    select
        group_no,
        creditor_reference,
        invoice_date,
        payment_date,
        total_invoice_amount as amount,
        try_cast(nullif(regexp_replace(internal_invoice_number, '\D', '', 'g'), '') as hugeint) as internal_order
    from members
),
stepped as (            -- the same, with whether it begins a new booking
    select
        *,
        coalesce(
            internal_order - lag(internal_order) over line > 20
            or payment_date is distinct from lag(payment_date) over line,
            true
        ) as begins
    from numbered
    window line as (partition by group_no, creditor_reference, invoice_date order by internal_order, payment_date)
),
booked as (             -- the same, with the number of its booking
    select
        *,
        count(*) filter (where begins) over (
            partition by group_no, creditor_reference, invoice_date
            order by internal_order, payment_date
            rows unbounded preceding
        ) as booking
    from stepped
),
booking as (            -- one row per booking
    select group_no, count(*) as lines, sum(amount) as total
    from booked
    group by group_no, creditor_reference, invoice_date, booking
)
select
    group_no,
    cast(sum(lines) as bigint) as lines,
    count(*) as bookings,
    cast(sum(total) - max(total) as bigint) as still_at_risk,
    case when count(*) = 1 then 0.02 else 0.9 end as weight
from booking
group by group_no
having sum(lines) > count(*)
order by group_no
