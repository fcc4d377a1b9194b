-- Invoice numbers that the same creditors put on other payments too: one row per such group.
with
used as (               -- one row per creditor and invoice number
    select creditor_reference, invoice_key, count(*) as payments
    from creditors_history
    where total_invoice_amount > 0 and invoice_key is not null
    group by creditor_reference, invoice_key
),
inside as (             -- one row per group, creditor and invoice number
    select group_no, creditor_reference, invoice_key, count(*) as payments
    from members
    group by group_no, creditor_reference, invoice_key
),
outside as (            -- one row per group
    select
        group_no,
        count(*) as creditors,
        cast(sum(used.payments - inside.payments) as bigint) as others
    from inside
    join used using (creditor_reference, invoice_key)
    group by group_no
)
select group_no, creditors, others, 2.0 / (2 + others) as weight
from outside
where others > 0
order by group_no
