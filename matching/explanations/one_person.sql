-- Records that all are of one person, by National Insurance number, name and birthday: one row per group.
select
    group_no,
    count(*) as records
from members
group by group_no
having count(*) > 1
    and count(distinct nino_key) = 1
    and count(nino_key) = count(*)
    and count(distinct person_name_key) = 1
    and count(distinct date_of_birth) = 1
order by group_no
