-- Amounts that a creditor is paid regularly, under whatever invoice number: one row per such group, unless
-- payments inside the group come sooner after each other than half the period: regularity explains no double.
-- Regular: at least four dates, and seven gaps in ten are one, two or three periods, give or take a
-- sixth of a period (4 days at least); the period is the middle gap.
with
inside as (             -- one row per group, creditor and amount
    select group_no, creditor_reference, total_invoice_amount as amount, count(*) as payments
    from members
    group by group_no, creditor_reference, total_invoice_amount
),
ledger as (             -- one row: the share of invoices that stand on several rows with different amounts
    select avg(case when amounts > 1 then 1.0 else 0.0 end) as in_lines
    from (
        select count(distinct total_invoice_amount) as amounts
        from creditors_history
        where invoice_key is not null
        group by creditor_reference, invoice_key, invoice_date
    )
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
    cross join ledger
    group by group_no
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
join closest using (group_no)
where share >= 0.7
    and period >= 5
    and coalesce(closest >= period / 2.0, true)
    and periods.payments > inside.payments
group by group_no
order by group_no
