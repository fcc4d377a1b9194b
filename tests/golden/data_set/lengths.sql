with
longest as (            -- one row per value near the greatest length, in bytes: no value has more characters
    select 'surname' as column_name, "surname" as value, count(*) as records
    from records
    where strlen("surname") >= 18
    group by "surname"
    union all
    select column_name, value, records
    from spelt
    where column_name = 'address_line_3' and strlen(value) >= 33
)
select                  -- one row per column and length
    column_name,
    length(value) as characters,
    cast(sum(records) as bigint) as records,
    count(*) as different
from longest
where contains(value, ' ')
  and regexp_full_match(right(value, 1), '\p{L}')
  and (column_name = 'surname' and length(value) >= 18
    or column_name = 'address_line_3' and length(value) >= 33)
group by column_name, characters
order by column_name, characters
