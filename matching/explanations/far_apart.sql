-- Invoice dates of which no two lie within ten months: one row per group. Numbers that begin anew each year, such as
-- that of a month, come again after eleven months or twelve.
with
dates as (
    select distinct group_no, invoice_date from members where invoice_date is not null
),
gaps as (               -- one row per group and date, with the days since the date before
    select group_no, invoice_date - lag(invoice_date) over (partition by group_no order by invoice_date) as gap
    from dates
)
select group_no, min(gap) as days
from gaps
group by group_no
having min(gap) > 300
order by group_no
