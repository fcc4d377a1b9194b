-- Two NI numbers that differ in one character, or in two that changed places: one row per group.
with
numbers as (            -- one row per group with two numbers
    select group_no, min(nino_key) as one, max(nino_key) as other
    from members
    group by group_no
    having count(distinct nino_key) = 2
)
select
    group_no,
    levenshtein(one, other) as characters
from numbers
where levenshtein(one, other) <= 2
order by group_no
