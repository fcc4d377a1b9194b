-- Amounts that went to the same creditor on other payments too: one row per such group.
with
inside as (             -- one row per group, creditor and amount
    select group_no, creditor_reference, total_invoice_amount, count(*) as payments
    from members
    group by group_no, creditor_reference, total_invoice_amount
),
outside as (            -- one row per group
    select
        group_no,
        cast(sum(paid_amounts.payments - inside.payments) as bigint) as others,
        max(total_invoice_amount) as amount_pence
    from inside
    join paid_amounts using (creditor_reference, total_invoice_amount)
    group by group_no
)
select group_no, others, amount_pence, 8.0 / (8 + others) as weight
from outside
where others > 0
order by group_no
