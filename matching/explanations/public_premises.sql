-- Creditors that by name or address are schools, surgeries, churches and the like: one row per group that has one.
with
spoken as (             -- one row per creditor, with the words that say so
    select
        group_no,
        regexp_extract(
            replace(upper(concat_ws(' / ', creditor_name, address_line_1, address_line_2)), 'TREE SURGERY', ''),
            '\b(SCHOOLS?|ACADEMY|COLLEGE|UNIVERSITY|NURSERY|PRE-?SCHOOL|PLAYGROUP|SURGERY|MEDICAL (CENTRE|CTR|PRACTICE|GROUP)|HEALTH ?(CENTRE|CTR)|HEALTHCARE CENTRE|PRACTICE|PHARMACY|HOSPITAL|HOSPICE|CLINIC|CHURCH|PAROCHIAL|DIOCESE|VILLAGE HALL|TOWN HALL|COMMUNITY (CENTRE|TRUST|ASSOCIATION)|LIBRARY|COUNCIL|FIRE STATION|LEISURE CENTRE|SPORTS CLUB|PTA|FRIENDS OF)\b'
        ) as words
    from members
    where creditor_name is not null
)
select
    group_no,
    min(nullif(words, '')) as words
from spoken
group by group_no
having count(nullif(words, '')) > 0
order by group_no
