-- One creditor takes over from another: one row per group of two creditors, each paid on three dates or more, of
-- which one was paid for the last time before the other was paid for the first time, or at most 60 days after.
with
ends as (               -- one row per group of two creditors
    select group_no, min(last) as last, max(first) as first, min(dates) as dates
    from (select distinct group_no, creditor_reference from members)
    join paid_between using (creditor_reference)
    group by group_no
    having count(*) = 2
)
select group_no, last, first
from ends
where dates > 2 and last <= first + 60
order by group_no
