-- Work that is all casual: one row per group.
select
    group_no,
    count(*) as posts
from members
group by group_no
having count(case when full_part_time = 'C' then 1 end) = count(*)
order by group_no
