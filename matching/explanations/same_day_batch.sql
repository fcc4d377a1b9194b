-- Payments of one day, to creditors that had many that day: one row per group of one date whose creditor was
-- paid under five or more other invoice numbers on it.
with
inside as (             -- one row per group of one creditor and date
    select
        group_no,
        min(creditor_reference) as creditor_reference,
        min(invoice_date) as invoice_date,
        count(distinct invoice_key) as inside
    from members
    group by group_no
    having min(creditor_reference) = max(creditor_reference)
        and min(invoice_date) = max(invoice_date)
        and count(invoice_date) = count(*)
)
select group_no, invoice_date as day, numbers - inside as others, 5.0 / (5 + numbers - inside) as weight
from inside
join busy_days using (creditor_reference, invoice_date)
where numbers - inside > 4
order by group_no
