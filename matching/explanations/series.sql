-- Invoice numbers of which none is the others with something left out: one row per such group. '87A' and '87B'
-- are numbers of a series; '87' and '87A' may be one that was keyed twice.
with
numbers as (            -- one row per group and number
    select distinct group_no, invoice_folded_key, invoice_digits_key, length(invoice_folded_key) as length
    from members
),
shortest as (           -- one row per group: the shortest of its numbers, and the first of those
    select group_no, min_by(invoice_folded_key, (length, invoice_folded_key)) as stem
    from numbers
    group by group_no
)
select group_no, count(*) as numbers
from numbers
join shortest using (group_no)
group by group_no
having not bool_and(contains(invoice_folded_key, stem))
order by group_no
