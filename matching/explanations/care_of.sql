-- Creditors whose post goes to somebody else, such as an accountant: one row per group.
with
lines as (              -- one row per creditor
    select
        group_no,
        coalesce(
            nullif(regexp_extract(upper(coalesce(address_line_1, '')), '\b(C/O|CARE OF)\b.*'), ''),
            nullif(regexp_extract(upper(coalesce(address_line_2, '')), '\b(C/O|CARE OF)\b.*'), ''),
            nullif(regexp_extract(upper(coalesce(address_line_1, '')), '.*\b(ACCOUNTANTS?|ACCOUNTANCY|BOOKKEEPERS?|SOLICITORS?|FORMATIONS|REGISTERED OFFICE|BUSINESS CENTRE|SERVICED OFFICES?|VIRTUAL OFFICE)\b.*'), '')
        ) as line
    from members
)
select
    group_no,
    min(line) as line
from lines
group by group_no
having count(line) > 0
order by group_no
