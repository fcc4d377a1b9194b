-- A creditor that is no company and is called by an employee's surname and forename or initial: one row per group.
with
employee as (           -- one row per group and way to write an employee's name in two words
    select distinct
        group_no,
        unnest([surname_key || ' ' || forename_key, surname_key || ' ' || forename_key[:1]]) as two_words
    from members
    where surname_key is not null and forename_key is not null
),
creditor as (           -- one row per creditor, with the words of its name
    select record, group_no, string_split(creditor_name_key, ' ') as words
    from members
    where creditor_name_key is not null
        and company_number is null
        and not regexp_matches(upper(creditor_name), '\b(LTD|LIMITED|PLC|LLP)\b')
),
beginnings as (         -- one row per creditor and word
    select record, group_no, unnest(words) as word from creditor
),
pairs as (              -- one row per group and two words of one creditor's name
    select distinct one.group_no, one.word || ' ' || other.word as two_words
    from beginnings as one
    join beginnings as other using (group_no, record)
)
select distinct group_no
from employee
join pairs using (group_no, two_words)
order by group_no
