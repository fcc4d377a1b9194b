-- Amounts that a creditor is paid regularly, under whatever invoice number: one row per such group.
-- Regular: at least four dates, and seven gaps in ten are one, two or three periods, give or take a
-- sixth of a period (4 days at least); the period is the middle gap.
with
inside as (             -- one row per group, creditor and amount
    select group_no, creditor_reference, total_invoice_amount as amount, count(*) as payments
    from members
    group by group_no, creditor_reference, total_invoice_amount
),
wanted as (
    select distinct creditor_reference, amount from inside
),
dates as (              -- one row per creditor, amount and date
    select wanted.creditor_reference, amount, invoice_date, count(*) as payments
    from creditors_history
    join wanted on wanted.creditor_reference = creditors_history.creditor_reference
        and wanted.amount = creditors_history.total_invoice_amount
    where invoice_date is not null
    group by wanted.creditor_reference, amount, invoice_date
),
gaps as (               -- the same, with the days since the date before
    select *, invoice_date - lag(invoice_date) over (partition by creditor_reference, amount order by invoice_date) as gap
    from dates
),
periods as (            -- one row per creditor and amount
    select
        creditor_reference,
        amount,
        cast(sum(payments) as bigint) as payments,
        count(*) as dates,
        min(invoice_date) as first,
        max(invoice_date) as last,
        quantile_disc(gap, 0.5) as period
    from gaps
    group by creditor_reference, amount
    having count(*) > 3
),
fitting as (            -- one row per creditor and amount: the share of gaps that fit the period
    select
        creditor_reference,
        amount,
        avg(case
            when round(gap / period) between 1 and 3
                and abs(gap - round(gap / period) * period) <= greatest(4, period / 6)
            then 1.0
            else 0.0
        end) as share
    from gaps
    join periods using (creditor_reference, amount)
    where gap is not null
    group by creditor_reference, amount
)
select
    group_no,
    max(periods.payments - inside.payments) as others,
    max(periods.dates) as dates,
    max(period) as period,
    min(periods.first) as first,
    max(periods.last) as last
from inside
join periods using (creditor_reference, amount)
join fitting using (creditor_reference, amount)
where share >= 0.7
    and period >= 5
    and periods.payments > inside.payments
group by group_no
order by group_no
