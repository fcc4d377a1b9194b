-- VAT that fits the standard rate of other years: one row per such group. The rate at the time of supply counts,
-- which may lie before the invoice.
select group_no, max(other_vat_rate) as rate
from members
where other_vat_rate is not null
group by group_no
order by group_no
