-- Pay within four months of leaving, when arrears and holiday pay may still come: one row per group.
select
    group_no,
    min(days_paid_after_leaving) as days
from members
group by group_no
having max(days_paid_after_leaving) <= 123
order by group_no
