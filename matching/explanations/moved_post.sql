-- Posts of one person that follow one another: one row per group. Each is last paid before the next one is, and
-- at most 45 days after the next one began, when notice and arrears may still be paid.
with
posts as (              -- one row per post, with the last pay of the post before
    select
        group_no,
        date_started,
        date_last_paid,
        lag(date_last_paid) over (partition by group_no order by date_last_paid, date_started, record) as paid_before,
        row_number() over (partition by group_no order by date_last_paid, date_started, record) as place
    from members
)
select
    group_no,
    max(paid_before) as ended,
    max(case when place > 1 then date_started end) as began
from posts
group by group_no
having count(*) > 1
    and count(date_started) = count(*)
    and count(date_last_paid) = count(*)
    and min(case when place > 1 then date_last_paid - paid_before end) > 14
    and max(case when place > 1 then paid_before - date_started end) <= 45
order by group_no
