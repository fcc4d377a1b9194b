-- Invoice numbers under which the same creditors were paid other amounts too: one row per such group.
with
inside as (             -- one row per group, creditor and invoice number
    select group_no, creditor_reference, invoice_key, count(distinct total_invoice_amount) as amounts
    from members
    group by group_no, creditor_reference, invoice_key
),
outside as (            -- one row per group
    select group_no, max(paid_numbers.amounts - inside.amounts) as others
    from inside
    join paid_numbers using (creditor_reference, invoice_key)
    group by group_no
)
select group_no, others, 2.0 / (2 + others) as weight
from outside
where others > 0
order by group_no
