-- Invoice numbers that follow each other: one row per group whose numbers are the same but for the figures at
-- their end, and those are on average at most 10 apart.
with
numbers as (            -- one row per group and number
    select distinct
        group_no,
        invoice_key,
        regexp_replace(invoice_key, '\d+$', '') as stem,
        try_cast(regexp_extract(invoice_key, '\d+$') as hugeint) as number
    from members
)
select group_no, count(*) as numbers, cast(max(number) - min(number) as bigint) as apart
from numbers
group by group_no
having count(distinct stem) = 1
    and count(number) = count(*)
    and count(*) > 1
    and max(number) - min(number) <= 10 * (count(*) - 1)
order by group_no
