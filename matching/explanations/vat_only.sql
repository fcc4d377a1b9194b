-- Invoices of which the whole is VAT: one row per such group.
select group_no
from members
where vat_amount >= total_invoice_amount
group by group_no
order by group_no
