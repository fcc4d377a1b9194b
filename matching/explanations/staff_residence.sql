-- An address that speaks of lodgings for many people: one row per group.
with
spoken as (             -- one row per record with such a line
    select
        group_no,
        regexp_extract(
            upper(concat_ws(' / ', address_line_1, address_line_2, address_line_3)),
            '\b(RESIDENCES?|LODGINGS?|HOSTEL|NURSES''? (HOME|ACCOMMODATION)|HALLS? OF RESIDENCE|STUDENT (HALLS?|VILLAGE)|BARRACKS|STAFF (HOUSE|HOUSING|QUARTERS|FLATS?|ACCOMMODATION)|HOSPITAL|CARAVAN PARK|HOTEL|YMCA|YWCA|COLLEGE|REFUGE|CONVENT|SCHOOL HOUSE)\b'
        ) as words
    from members
)
select
    group_no,
    min(nullif(words, '')) as words
from spoken
group by group_no
having count(nullif(words, '')) = count(*)
order by group_no
