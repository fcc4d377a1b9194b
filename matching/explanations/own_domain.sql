-- E-mail addresses on the domain that at least half of the employees' addresses have: one row per group.
with
domains as (            -- one row per domain
    select string_split(email_key, '@')[2] as domain, count(*) as employees
    from payroll
    where email_key is not null
    group by domain
),
shared as (             -- the same, with all addresses
    select domain, employees, sum(employees) over () as of_all
    from domains
)
select
    group_no,
    domain,
    min(employees) as employees,
    cast(min(of_all) as bigint) as of_all
from members
join shared on domain = string_split(email_key, '@')[2]
where employees * 2 >= of_all
    and employees > 1
    and dataset = 'payroll'
    and not regexp_matches(
        domain,
        '^(gmail|googlemail|hotmail|outlook|live|msn|icloud|me|yahoo|ymail|aol|btinternet|sky|talktalk|virginmedia|ntlworld|blueyonder|tiscali|protonmail|proton|mail)\.'
    )
group by group_no, domain
order by group_no
