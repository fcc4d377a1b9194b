-- Invoice numbers that hold a month, a year or a date: one row per group of which every number does. Numbers of
-- different months are different invoices nearly always.
with
numbers as (            -- one row per group and number
    select distinct group_no, invoice_key, invoice_digits_key, supplier_invoice_number from members
),
parts as (              -- the same, with the month it names and the two numbers of two figures that may be years
    select
        *,
        regexp_extract(invoice_key, 'JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC') as month,
        regexp_extract(supplier_invoice_number, '(?:^|\D)(?:20)?(\d\d)[-/.](?:20)?(\d\d)(?:\D|$)', 1) as from_year,
        regexp_extract(supplier_invoice_number, '(?:^|\D)(?:20)?(\d\d)[-/.](?:20)?(\d\d)(?:\D|$)', 2) as to_year
    from numbers
),
dated as (              -- the same, with whether it holds a year or a date
    select
        *,
        regexp_matches(invoice_digits_key, '^(19[89]|20[0-4])\d(0[1-9]|1[0-2])?$')
            or regexp_matches(supplier_invoice_number, '(^|\D)[0-3]?\d[-/.][01]?\d[-/.](20)?\d\d(\D|$)')
            or regexp_matches(supplier_invoice_number, '(^|\D)[01]?\d[-/.]20\d\d(\D|$)')
            or regexp_matches(supplier_invoice_number, '(^|\D)20\d\d[-/.:][012]?\d(\D|$)')
            or coalesce(try_cast(to_year as integer) = try_cast(from_year as integer) + 1, false) as has_date
    from parts
)
select
    group_no,
    case when min(month) <> '' and min(month) <> max(month) then 0.02 else 0.15 end as weight
from dated
group by group_no
having bool_and(month <> '' or has_date)
order by group_no
