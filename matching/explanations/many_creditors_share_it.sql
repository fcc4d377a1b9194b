-- A telephone number or an e-mail address of creditors of five names or more: one row per group.
select
    group_no,
    count(distinct creditor_name_key) as names,
    2.0 / count(distinct creditor_name_key) as weight
from members
group by group_no
having count(distinct creditor_name_key) >= 5
order by group_no
