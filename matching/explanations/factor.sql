-- Creditors whose name speaks of factoring: one row per group that has one.
select group_no, count(distinct creditor_reference) as creditors
from members
where regexp_matches(upper(creditor_name), '\b(FACTORS?|FACTORING|INVOICE FINANCE|RECEIVABLES|COMMERCIAL FINANCE|INVOICE DISCOUNTING)\b')
group by group_no
order by group_no
