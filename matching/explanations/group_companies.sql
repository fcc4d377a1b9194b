-- Creditors whose names begin with the same word of four letters or more: one row per group.
with
worded as (             -- one row per record
    select group_no, creditor_reference, creditor_name_key, string_split(creditor_name_key, ' ')[1] as word
    from members
)
select group_no, count(distinct creditor_reference) as creditors
from worded
group by group_no
having count(distinct word) = 1
    and count(word) = count(*)
    and min(length(word)) > 3
    and count(distinct creditor_name_key) > 1
order by group_no
