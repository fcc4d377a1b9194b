-- A creditor whose name holds the surname of an employee in the group: one row per group.
with
employee as (
    select distinct group_no, surname_key as word from members where surname_key is not null
),
creditor as (           -- one row per group and word of a creditor's name
    select distinct group_no, unnest(string_split(creditor_name_key, ' ')) as word
    from members
    where creditor_name_key is not null
)
select distinct group_no
from employee
join creditor using (group_no, word)
order by group_no
