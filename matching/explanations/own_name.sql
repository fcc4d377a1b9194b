-- A creditor whose name holds the surname of an employee in the group: one row per group.
with
employee as (
    select distinct group_no, surname_key from members where surname_key is not null
),
creditor as (
    select distinct group_no, creditor_name_key from members where creditor_name_key is not null
)
select distinct group_no
from employee
join creditor using (group_no)
where list_contains(string_split(creditor_name_key, ' '), surname_key)
order by group_no
