-- Names that do not begin with the same four characters, spaces left out: one row per group.
select group_no
from members
group by group_no
having count(distinct replace(creditor_name_key, ' ', '')[:4]) > 1
order by group_no
