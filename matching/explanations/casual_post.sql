-- Posts of which all but one at most are casual, so that their hours can go together: one row per group.
select
    group_no,
    count(*) as posts,
    count(case when full_part_time = 'C' then 1 end) as casual
from members
group by group_no
having count(*) > 1
    and count(case when full_part_time = 'C' then 1 end) >= count(*) - 1
    and count(distinct person_name_key) = 1
    and count(distinct nino_key) <= 1
    and count(distinct date_of_birth) <= 1
order by group_no
