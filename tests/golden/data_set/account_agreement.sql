with
keyed as (              -- one row per record that fills what must be the same
    select
        source_row, "bank_account", "sort_code", "roll_number", "surname",
        upper("bank_account") as same_1,
        replace(replace("sort_code", '-', ''), ' ', '') as same_2,
        upper("roll_number") as same_3
    from records
    where "bank_account" is not null
      and "sort_code" is not null
),
agreeing as (           -- one row per key that records have which may differ otherwise
    select same_1, same_2, same_3, count(*) as key_records
    from keyed
    group by same_1, same_2, same_3
    having count(*) > 1
      and (min("surname") <> max("surname"))
),
placed as (             -- the records of those keys, counted within their key
    select
        keyed.*, agreeing.key_records,
        row_number() over (partition by keyed.same_1, keyed.same_2, keyed.same_3 order by keyed.source_row) as place
    from keyed
    join agreeing
        on keyed.same_1 is not distinct from agreeing.same_1
        and keyed.same_2 is not distinct from agreeing.same_2
        and keyed.same_3 is not distinct from agreeing.same_3
),
told as (               -- the same records: what differs within their key, apart from spelling, and its first rows
    select
        source_row, "bank_account" as value, key_records,
        min(translate(upper("surname"), ' -.''’', '')) over (partition by same_1, same_2, same_3)
            <> max(translate(upper("surname"), ' -.''’', '')) over (partition by same_1, same_2, same_3) as differs_1,
        max(case when place = 1 then source_row end) over (partition by same_1, same_2, same_3) as row_1,
        max(case when place = 2 then source_row end) over (partition by same_1, same_2, same_3) as row_2,
        max(case when place = 3 then source_row end) over (partition by same_1, same_2, same_3) as row_3,
        max(case when place = 4 then source_row end) over (partition by same_1, same_2, same_3) as row_4
    from placed
)
select *
from told
where differs_1
order by source_row
