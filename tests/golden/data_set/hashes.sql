select                  -- one row per record
    source_row,
    case when "bank_account" is not null
        then hash(upper("bank_account")) end as key_1,
    case when "date_of_birth" is not null and "surname" is not null
        then hash("date_of_birth", upper("surname")) end as key_2,
    "ni_number" is null as starts_2
from records
