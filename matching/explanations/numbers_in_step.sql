-- Invoice numbers that rise with the date: one row per group of which every number stands where its date puts it
-- among the creditor's others. A number with a slip in it mostly stands elsewhere.
with
numbers as (
    select distinct group_no, creditor_reference, invoice_key from members
)
select group_no, count(*) as numbers
from numbers
left join (select *, true as is_in_place from numbers_in_their_place) using (creditor_reference, invoice_key)
group by group_no
having count(is_in_place) = count(*)
order by group_no
