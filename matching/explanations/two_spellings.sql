-- One birthday, and either the surname or the first forename of all records: one row per group.
select
    group_no,
    case when count(distinct surname_key) = 1 then 'surname' else 'forename' end as agrees,
    case when count(distinct surname_key) = 1 then 'forename' else 'surname' end as differs
from members
group by group_no
having count(distinct date_of_birth) = 1
    and count(date_of_birth) = count(*)
    and (
        (count(distinct surname_key) = 1 and count(surname_key) = count(*))
        or (count(distinct forename_key) = 1 and count(forename_key) = count(*))
    )
order by group_no
