-- Creditors of different names under one VAT number that share an account or an address: one row per group.
select
    group_no,
    count(distinct creditor_name_key) as names,
    case
        when count(distinct bank_key) = 1 and count(bank_key) = count(*) then 'bank account'
        else 'address'
    end as shared
from members
group by group_no
having count(distinct creditor_name_key) > 1
    and (
        (count(distinct bank_key) = 1 and count(bank_key) = count(*))
        or (count(distinct address_key) = 1 and count(address_key) = count(*))
    )
    and count(distinct vat_key) = 1
    and count(vat_key) = count(*)
order by group_no
