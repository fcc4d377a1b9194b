-- Records of one name of which no two share a post code: one row per group.
select group_no, count(*) as records, count(distinct post_code_key) as places
from members
group by group_no
having count(distinct creditor_name_key) = 1
    and count(creditor_name_key) = count(*)
    and count(distinct post_code_key) = count(*)
order by group_no
