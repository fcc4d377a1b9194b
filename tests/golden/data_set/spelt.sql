with
spelt as (              -- one row per column and different value as it is spelt
    select 'department' as column_name, "department" as value, count(*) as records
    from records
    where "department" is not null
    group by "department"
    union all
    select 'sex' as column_name, "sex" as value, count(*) as records
    from records
    where "sex" is not null
    group by "sex"
)
select *
from spelt
order by column_name, value
