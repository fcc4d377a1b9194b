with
first_rows as (         -- one row per record
    select min("source_row") as first_row
    from mapped
    group by "surname", "forenames"
)
select mapped."source_row", mapped."surname", mapped."forenames"
from mapped
join first_rows
    on first_rows.first_row = mapped."source_row"
