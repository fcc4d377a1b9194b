-- Invoice numbers that three creditors or more have used: one row per number.
select invoice_key, count(distinct creditor_reference) as creditors
from creditors_history
where invoice_key is not null
group by invoice_key
having count(distinct creditor_reference) > 2
order by invoice_key
