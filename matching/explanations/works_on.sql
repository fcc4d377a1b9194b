-- A leaver who stands on the payroll under another reference without a day of leaving: one row per group.
with
current_posts as (      -- one row per NI number
    select nino_key, count(*) as posts, min(date_started) as began
    from payroll
    where nino_key is not null
        and date_left is null
    group by nino_key
)
select
    group_no,
    cast(min(posts) as bigint) as posts,
    min(began) as began
from members
join current_posts using (nino_key)
where date_left is not null
group by group_no
order by group_no
