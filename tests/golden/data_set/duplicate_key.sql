with
keyed as (              -- one row per record whose key is filled
    select source_row, "creditor_reference", "site_id"
    from records
    where "creditor_reference" is not null
),
repeated as (           -- one row per key that more than one record has
    select "creditor_reference", "site_id", count(*) as key_records
    from keyed
    group by "creditor_reference", "site_id"
    having count(*) > 1
),
placed as (             -- the records of those keys, counted within their key
    select
        keyed.source_row, keyed."creditor_reference", keyed."site_id", repeated.key_records,
        row_number() over (partition by keyed."creditor_reference", keyed."site_id" order by keyed.source_row) as place
    from keyed
    join repeated
        on keyed."creditor_reference" is not distinct from repeated."creditor_reference"
        and keyed."site_id" is not distinct from repeated."site_id"
),
told as (               -- the same records, each with the first rows of its key
    select
        source_row, "creditor_reference" as value, key_records,
        max(case when place = 1 then source_row end) over (partition by "creditor_reference", "site_id") as row_1,
        max(case when place = 2 then source_row end) over (partition by "creditor_reference", "site_id") as row_2,
        max(case when place = 3 then source_row end) over (partition by "creditor_reference", "site_id") as row_3,
        max(case when place = 4 then source_row end) over (partition by "creditor_reference", "site_id") as row_4
    from placed
)
select *
from told
order by source_row
