-- An employee and a creditor at one post code: one row per group.
with
place as (              -- one row per group, post code and data set
    select distinct group_no, dataset, post_code_key from members where post_code_key is not null
),
shared as (
    select group_no from place group by group_no, post_code_key having count(*) > 1
)
select distinct group_no from shared order by group_no
