-- Payments that lie more than a year apart: one row per group.
select group_no, max(invoice_date) - min(invoice_date) as days
from members
group by group_no
having max(invoice_date) - min(invoice_date) > 365
order by group_no
