-- Names that do not begin with the same four characters, spaces left out: one row per group, unless all stand
-- at one post code, where a letter astray is more likely than another firm.
select group_no
from members
group by group_no
having count(distinct replace(creditor_name_key, ' ', '')[:4]) > 1
    and not (count(distinct post_code_key) = 1 and count(post_code_key) = count(*))
order by group_no
