-- Amounts that a creditor was paid more than once: one row per creditor and amount, and whether regularly so.
-- Regular: at least four dates, and seven gaps in ten are one, two or three periods, give or take a sixth of a
-- period (4 days at least); the period is the middle gap, a year at most.
with
dates as (              -- one row per creditor, amount and date
    select creditor_reference, total_invoice_amount, invoice_date, count(*) as payments
    from creditors_history
    where total_invoice_amount > 0 and creditor_reference is not null
    group by creditor_reference, total_invoice_amount, invoice_date
),
repeated as (           -- one row per creditor and amount that was paid more than once
    select creditor_reference, total_invoice_amount, cast(sum(payments) as bigint) as payments
    from dates
    group by creditor_reference, total_invoice_amount
    having sum(payments) > 1
),
gaps as (               -- one row per such creditor, amount and date, with the days since the date before
    select
        dates.*,
        invoice_date - lag(invoice_date) over (
            partition by dates.creditor_reference, dates.total_invoice_amount order by invoice_date
        ) as gap
    from dates
    join repeated using (creditor_reference, total_invoice_amount)
    where invoice_date is not null
),
periods as (            -- one row per creditor and amount on four dates or more
    select
        creditor_reference,
        total_invoice_amount,
        count(*) as dates,
        cast(sum(payments) as bigint) as dated_payments,
        min(invoice_date) as first,
        max(invoice_date) as last,
        quantile_disc(gap, 0.5) as period
    from gaps
    group by creditor_reference, total_invoice_amount
    having count(*) > 3
),
fitting as (            -- one row per creditor and amount: the share of gaps that fit the period
    select
        creditor_reference,
        total_invoice_amount,
        avg(case
            when round(gap / period) between 1 and 3
                and abs(gap - round(gap / period) * period) <= greatest(4, period / 6)
            then 1.0
            else 0.0
        end) as share
    from gaps
    join periods using (creditor_reference, total_invoice_amount)
    where gap is not null
    group by creditor_reference, total_invoice_amount
)
select
    creditor_reference,
    total_invoice_amount,
    payments,
    dates,
    dated_payments,
    first,
    last,
    period,
    coalesce(share >= 0.7 and period between 5 and 370, false) as is_regular
from repeated
left join periods using (creditor_reference, total_invoice_amount)
left join fitting using (creditor_reference, total_invoice_amount)
order by creditor_reference, total_invoice_amount
