with
dated as (              -- one row per record
    select "payment_date" as day
    from records
)
select                  -- one row
    count(case when day < date '2009-04-01' then 1 end) as before,
    count(case when day > date '2012-10-08' then 1 end) as after,
    count(day) as dated
from dated
order by dated
