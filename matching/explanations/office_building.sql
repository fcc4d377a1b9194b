-- An address that names a building, floor or suite, where several firms may be tenants: one row per group.
with
spoken as (             -- one row per creditor, with the words that say so
    select
        group_no,
        regexp_extract(
            upper(concat_ws(' / ', address_line_1, address_line_2)),
            '\b(HOUSE|CHAMBERS|SUITE|FLOOR|BUILDINGS?|TOWER|EXCHANGE|OFFICES?|(BUSINESS|ENTERPRISE|INNOVATION|SCIENCE|TECHNOLOGY|RETAIL|TRADE) (PARK|CENTRE)|(INDUSTRIAL|TRADING) ESTATE|WORKSHOPS|DEPOT|STUDIOS?|UNIT)\b'
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
