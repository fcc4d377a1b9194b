-- Payments on many dates under one number: one row per group paid on four dates or more. An invoice that is
-- paid twice is paid on two dates. Regular payments are left to `recurring`, whose test this repeats.
with
dates as (              -- one row per group and date
    select group_no, invoice_date, count(*) as payments
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
    having count(*) > 3
),
fitting as (            -- one row per group: the share of gaps that fit the period
    select
        group_no,
        avg(case
            when round(gap / period) between 1 and 3
                and abs(gap - round(gap / period) * period) <= greatest(3, period / 6)
            then 1.0
            else 0.0
        end) as share
    from gaps
    join periods using (group_no)
    where gap is not null
    group by group_no
)
select group_no, payments, dates, first, last, 2.0 / dates as weight
from periods
join fitting using (group_no)
where share < 0.8 or period < 5
order by group_no
