-- One person in several posts that fit into a week: one row per group.
-- The National Insurance number and surname agree, birth dates do not differ, at most one post is marked
-- full-time, and the hours, known for each post, come to 60 a week at most.
select
    group_no,
    count(*) as posts,
    printf('%.2f', sum(standard_hours) / 100) as hours
from members
group by group_no
having count(distinct nino_key) = 1
    and count(nino_key) = count(*)
    and count(distinct surname_key) = 1
    and count(distinct date_of_birth) = 1
    and count(*) filter (where full_part_time = 'F') <= 1
    and count(standard_hours) = count(*)
    and sum(standard_hours) <= 6000
order by group_no
