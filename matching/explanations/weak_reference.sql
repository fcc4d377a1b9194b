-- Invoice numbers of at most three letters and digits as written, or without a digit: one row per group that
-- has such a number. Zeros count here: R00005 tells invoices apart, 5 does not.
select distinct group_no
from members
where length(regexp_replace(supplier_invoice_number, '[^\p{L}\p{N}]', '', 'g')) < 4
    or not regexp_matches(invoice_key, '\d')
order by group_no
