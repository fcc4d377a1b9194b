-- Records of which no two share a post code: one row per group.
select group_no, count(*) as records, count(distinct post_code_key) as places
from members
group by group_no
having count(distinct post_code_key) = count(*)
order by group_no
