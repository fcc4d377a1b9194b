-- Invoice numbers that stand where their date puts them among the creditor's others of the same form: one row per
-- creditor and number that lies between the middle one of the three before and the middle one of the three after.
with
invoice as (            -- one row per creditor and invoice number with digits
    select
        creditor_reference,
        invoice_key,
        regexp_replace(invoice_key, '\d+', '0', 'g') as form,
        try_cast(regexp_replace(invoice_key, '\D', '', 'g') as double) as number,
        min(invoice_date) as invoice_date
    from creditors_history
    where total_invoice_amount > 0
        and invoice_date is not null
        and creditor_reference is not null
        and regexp_matches(invoice_key, '\d')
    group by creditor_reference, invoice_key
),
among as (              -- the same, with the three numbers before and the three after
    select
        creditor_reference,
        invoice_key,
        number,
        lag(number, 1) over line as before_1,
        lag(number, 2) over line as before_2,
        lag(number, 3) over line as before_3,
        lead(number, 1) over line as after_1,
        lead(number, 2) over line as after_2,
        lead(number, 3) over line as after_3
    from invoice
    window line as (partition by creditor_reference, form order by invoice_date, number, invoice_key)
),
middle as (             -- the same, with the middle one of each three; null where there are not three
    select
        creditor_reference,
        invoice_key,
        number,
        case
            when before_3 is not null
            then greatest(least(before_1, before_2), least(greatest(before_1, before_2), before_3))
        end as before,
        case
            when after_3 is not null
            then greatest(least(after_1, after_2), least(greatest(after_1, after_2), after_3))
        end as after
    from among
)
select creditor_reference, invoice_key
from middle
where coalesce(before, after) is not null
    and coalesce(number > before, true)
    and coalesce(number < after, true)
order by creditor_reference, invoice_key
