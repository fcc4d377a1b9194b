-- Invoice numbers that many creditors use: one row per group whose number three or more have used.
with
used as (               -- one row per invoice number
    select invoice_key, count(distinct creditor_reference) as creditors
    from creditors_history
    where invoice_key is not null
    group by invoice_key
),
inside as (
    select distinct group_no, invoice_key from members
)
select group_no, max(creditors) as creditors, 2.0 / max(creditors) as weight
from inside
join used using (invoice_key)
group by group_no
having max(creditors) > 2
order by group_no
