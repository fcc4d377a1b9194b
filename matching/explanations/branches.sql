-- Records that all carry one company or VAT number, unless all stand at one post code: one row per group.
-- At one address, one organisation is more likely to stand in the ledger twice.
select
    group_no,
    count(*) as records,
    case
        when count(company_number) = count(*) and count(distinct company_number) = 1 then 'company registration number'
        else 'VAT registration number'
    end as number
from members
group by group_no
having (
        (count(company_number) = count(*) and count(distinct company_number) = 1)
        or (count(vat_number) = count(*) and count(distinct vat_number) = 1)
    )
    and not (count(distinct post_code_key) = 1 and count(post_code_key) = count(*))
order by group_no
