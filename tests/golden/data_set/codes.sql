with
different_values as (   -- one row per column and different value, without regard to case
    select column_name, upper(value) as value, sum(records) as records
    from spelt
    group by column_name, upper(value)
),
judged as (             -- the same; a word has four letters together
    select
        *,
        not regexp_matches(value, '[A-Z]{4}') and not (column_name = 'sex' and value in ('M', 'F')) as is_code
    from different_values
)
select                  -- one row per column
    column_name,
    count(*) as different,
    count(case when is_code then 1 end) as codes,
    cast(sum(case when is_code then records else 0 end) as bigint) as coded_records
from judged
group by column_name
order by column_name
