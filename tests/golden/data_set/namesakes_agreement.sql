with
keyed as (              -- one row per record that fills what must be the same
    select
        source_row, "surname", "forenames", "date_of_birth", "employee_reference", "ni_number",
        upper("surname") as same_1,
        upper("forenames") as same_2,
        "date_of_birth" as same_3
    from records
    where "surname" is not null
      and "forenames" is not null
      and "date_of_birth" is not null
),
agreeing as (           -- one row per key that records have which may differ otherwise
    select same_1, same_2, same_3, count(*) as key_records
    from keyed
    group by same_1, same_2, same_3
    having count(*) > 1
      and (min("employee_reference") <> max("employee_reference"))
      and count("ni_number") < count(*)    -- one of them has none
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
        source_row, "surname" as value, key_records,
        min(translate(upper("employee_reference"), ' -.''’', '')) over (partition by same_1, same_2, same_3)
            <> max(translate(upper("employee_reference"), ' -.''’', '')) over (partition by same_1, same_2, same_3) as differs_1,
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
