with
keyed_1 as (            -- one row per record that has the key
    select upper("bank_account") as part_1
    from records
    where "bank_account" is not null
),
shared_1 as (           -- one row per key that several records have
    select count(*) as key_records
    from keyed_1
    group by part_1
    having count(*) > 1
),
keyed_2 as (            -- one row per record that has the key
    select "date_of_birth" as part_1, upper("surname") as part_2, case when "ni_number" is null then 1 end as starts
    from records
    where "date_of_birth" is not null and "surname" is not null
),
shared_2 as (           -- one row per key that several records have
    select count(*) as key_records
    from keyed_2
    group by part_1, part_2
    having count(*) > 1
      and count(starts) > 0
)
select                  -- one row
    (select cast(coalesce(sum(key_records), 0) as bigint) from shared_1) as sharing_1,
    (select cast(coalesce(sum(key_records), 0) as bigint) from shared_2) as sharing_2
order by 1
