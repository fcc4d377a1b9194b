with
keyed as (              -- one row per record that fills what must be the same
    select
        source_row, "ni_number", "surname", "date_of_birth",
        left(upper(case when contains("ni_number", ' ') then replace("ni_number", ' ', '') else "ni_number" end), 8) as same_1
    from records
    where "ni_number" is not null
),
agreeing as (           -- one row per key that records have which may differ otherwise
    select same_1, count(*) as key_records
    from keyed
    group by same_1
    having count(*) > 1
      and (min("surname") <> max("surname")
        or min("date_of_birth") <> max("date_of_birth"))
      and regexp_matches(same_1, '^(?:[ABCEGHJ-PR-TW-Z][ABCEGHJ-NPR-TW-Z]|FY|OO)\d{6}[A-D]?$')
      and not regexp_matches(same_1, '^(?:BG|GB|KN|NK|NT|TN|ZZ)')
),
placed as (             -- the records of those keys, counted within their key
    select
        keyed.*, agreeing.key_records,
        row_number() over (partition by keyed.same_1 order by keyed.source_row) as place
    from keyed
    join agreeing
        on keyed.same_1 is not distinct from agreeing.same_1
),
told as (               -- the same records: what differs within their key, apart from spelling, and its first rows
    select
        source_row, "ni_number" as value, key_records,
        min(translate(upper("surname"), ' -.''’', '')) over (partition by same_1)
            <> max(translate(upper("surname"), ' -.''’', '')) over (partition by same_1) as differs_1,
        min("date_of_birth") over (partition by same_1)
            <> max("date_of_birth") over (partition by same_1) as differs_2,
        max(case when place = 1 then source_row end) over (partition by same_1) as row_1,
        max(case when place = 2 then source_row end) over (partition by same_1) as row_2,
        max(case when place = 3 then source_row end) over (partition by same_1) as row_3,
        max(case when place = 4 then source_row end) over (partition by same_1) as row_4
    from placed
)
select *
from told
where differs_1 or differs_2
order by source_row
