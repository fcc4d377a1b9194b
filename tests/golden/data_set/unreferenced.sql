with
held as (               -- one row per reference of the other data set
    select "creditor_reference" as reference, min(source_row) as first_row
    from others
    where "creditor_reference" is not null
    group by "creditor_reference"
),
used as (               -- one row per reference of this one
    select distinct "creditor_reference" as reference
    from records
),
looked_at as (          -- the other data set's references, and whether a record here has them
    select held.first_row, used.reference is null as is_unreferenced
    from held
    left join used
        on used.reference = held.reference
)
select
    count(case when is_unreferenced then 1 end) as unreferenced,
    count(*) as held,
    min(case when is_unreferenced then first_row end) as first_row
from looked_at
order by unreferenced
