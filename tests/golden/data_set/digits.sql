select                  -- one row
    count(case when length("bank_account") = 8 then 1 end) as full_length_1,
    count(case when strlen("bank_account") < 8 then case when regexp_full_match("bank_account", '[0-9]+') then 1 end end) as shorter_1,
    count(
        case when starts_with("bank_account", '0')
        then case when strlen("bank_account") = 8 and regexp_full_match("bank_account", '[0-9]+') then 1 end end
    ) as with_zero_1,
    count(case when length("employee_reference") = 6 then 1 end) as full_length_2,
    count(case when strlen("employee_reference") < 6 then case when regexp_full_match("employee_reference", '[0-9]+') then 1 end end) as shorter_2,
    count(
        case when starts_with("employee_reference", '0')
        then case when strlen("employee_reference") = 6 and regexp_full_match("employee_reference", '[0-9]+') then 1 end end
    ) as with_zero_2
from records
order by 1
