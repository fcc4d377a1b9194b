-- Invoice numbers of at most three characters, or without a digit: one row per group that has such a number.
select distinct group_no
from members
where length(invoice_key) < 4 or not regexp_matches(invoice_key, '\d')
order by group_no
