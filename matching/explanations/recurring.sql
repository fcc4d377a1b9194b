-- Regular payments: one row per group paid on three or more dates at a regular distance.
-- Regular: four gaps in five are one, two or three periods, give or take a sixth of a period (3 days at
-- least); the period is the middle gap. What stays at risk is what was paid more than once on one date, or
-- again before half a period had passed.
with
dates as (              -- one row per group and date
    select group_no, invoice_date, count(*) as payments, sum(total_invoice_amount) as total, max(total_invoice_amount) as largest
    from members
    where invoice_date is not null
    group by group_no, invoice_date
),
gaps as (               -- the same, with the days since the date before
    select *, invoice_date - lag(invoice_date) over (partition by group_no order by invoice_date) as gap
    from dates
),
periods as (            -- one row per group
    select
        group_no,
        cast(sum(payments) as bigint) as payments,
        count(*) as dates,
        min(invoice_date) as first,
        max(invoice_date) as last,
        quantile_disc(gap, 0.5) as period
    from gaps
    group by group_no
    having count(*) > 2
),
fitting as (            -- one row per group: the share of gaps that fit the period, and what is over
    select
        group_no,
        cast(sum(case when gap < period / 2.0 then total else total - largest end) as bigint) as still_at_risk,
        avg(case
            when gap is null then null
            when round(gap / period) between 1 and 3
                and abs(gap - round(gap / period) * period) <= greatest(3, period / 6)
            then 1.0
            else 0.0
        end) as share
    from gaps
    join periods using (group_no)
    group by group_no
)
select group_no, payments, dates, period, first, last, still_at_risk
from periods
join fitting using (group_no)
where share >= 0.8 and period >= 5
order by group_no
