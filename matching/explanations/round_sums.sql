-- Round amounts, of at most two digits that count: one row per group that holds nothing else.
select group_no
from members
group by group_no
having max(length(regexp_replace(cast(total_invoice_amount as varchar), '0+$', ''))) < 3
order by group_no
