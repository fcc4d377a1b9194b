-- Records of one name and birthday that agree in nothing else: one row per group.
-- What is blank does not agree.
select
    group_no,
    count(*) as records
from members
group by group_no
having count(distinct nino_key) = count(nino_key)
    and count(distinct post_code_key) = count(post_code_key)
    and count(distinct bank_key) = count(bank_key)
    and count(distinct email_key) = count(email_key)
    and count(distinct home_telephone) = count(home_telephone)
    and count(distinct mobile_telephone) = count(mobile_telephone)
    and count(post_code_key) = count(*)
order by group_no
