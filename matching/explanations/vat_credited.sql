-- VAT that was taken back: one row per group whose creditor has a credit of the same VAT within a year after.
select
    group_no,
    min(credits.invoice_date) as credited,
    max(-credits.vat_amount) as vat_pence,
    0 as still_at_risk
from members
join credits
    on credits.creditor_reference = members.creditor_reference
    and -credits.vat_amount = members.vat_amount
where credits.invoice_date between members.invoice_date and members.invoice_date + 365
group by group_no
order by group_no
