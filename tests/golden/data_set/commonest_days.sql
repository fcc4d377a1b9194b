with
days as (               -- one row per column and day
    select 'date_of_birth' as column_name, "date_of_birth" as day, count(*) as day_records
    from records
    where "date_of_birth" is not null
    group by "date_of_birth"
    union all
    select 'date_started' as column_name, "date_started" as day, count(*) as day_records
    from records
    where "date_started" is not null
    group by "date_started"
),
placed as (             -- the same, the commonest day of each column first
    select
        column_name, day, day_records,
        row_number() over (partition by column_name order by day_records desc, day) as place
    from days
)
select                  -- one row per column
    column_name,
    max(case when place = 1 then day end) as day,
    max(case when place = 1 then day_records end) as day_records,
    max(case when place = 2 then day_records end) as next_records,
    cast(sum(day_records) as bigint) as filled,
    min(day) as first_day,
    max(day) as last_day
from placed
group by column_name
order by column_name
