with
dated as (              -- one row per record
    select coalesce("payment_date", "invoice_date") as day
    from records
),
days as (               -- one row per day
    select day, count(*) as records
    from dated
    where day is not null
    group by day
)
select                  -- one row per month
    cast(year(day) * 12 + month(day) - 1 as bigint) as number,
    cast(sum(records) as bigint) as records,
    min(day) as first_day,
    max(day) as last_day
from days
group by number
order by number
