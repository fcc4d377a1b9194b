-- Invoice numbers with at most three digits: one row per group of which every number is so short.
select group_no
from members
group by group_no
having max(length(invoice_digits_key)) < 4 or count(invoice_digits_key) = 0
order by group_no
