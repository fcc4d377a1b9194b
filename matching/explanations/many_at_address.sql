-- An address at which four creditors of different names or more stand: one row per group.
with
places as (             -- one row per address of a group
    select distinct group_no, address_key from members where address_key is not null
),
crowded as (            -- one row per address with many names
    select address_key, count(distinct creditor_name_key) as creditors
    from creditors_standing
    where address_key is not null
    group by address_key
    having count(distinct creditor_name_key) >= 4
)
select
    group_no,
    max(creditors) as creditors,
    1.5 / max(creditors) as weight
from places
join crowded using (address_key)
group by group_no
order by group_no
