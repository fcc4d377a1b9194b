-- A creditor that is called like the employee and has neither VAT nor company number: one row per group.
with
payees as (             -- one row per group and form of a creditor's name as a person's
    select distinct members.group_no, unnest(creditors_standing.payee_person_keys) as person
    from members
    join creditors_standing using (record)
    where creditors_standing.vat_number is null
        and creditors_standing.company_number is null
),
people as (             -- one row per group and employee
    select distinct members.group_no, payroll.surname_initial_key as person
    from members
    join payroll using (record)
)
select distinct group_no
from payees
join people using (group_no, person)
order by group_no
