-- Records that all carry one company or VAT number: one row per group.
select
    group_no,
    count(*) as records,
    case
        when count(company_number) = count(*) and count(distinct company_number) = 1 then 'company registration number'
        else 'VAT registration number'
    end as number
from members
group by group_no
having (count(company_number) = count(*) and count(distinct company_number) = 1)
    or (count(vat_number) = count(*) and count(distinct vat_number) = 1)
order by group_no
