with
found as (              -- one row per column that holds one
    select *
    from (
        select 'bank_account' as column_name, 8 as characters
        from records
        where "bank_account" >= '0' and "bank_account" < '1'    -- a zero in front: few blocks of a file have it
          and strlen("bank_account") = 8 and regexp_full_match("bank_account", '[0-9]+')
        limit 1
    )
)
select *
from found
order by column_name, characters
