-- E-mail addresses that are an office's and no person's: one row per group.
-- What stands before the @ begins with the name of an office, or is one.
with
mailboxes as (          -- one row per group and address
    select distinct group_no, string_split(email_key, '@')[1] as mailbox
    from members
    where email_key is not null
)
select
    group_no,
    min(mailbox) as mailbox
from mailboxes
group by group_no
having bool_and(regexp_matches(
    mailbox,
    '^(accounts?|admin|administration|bookings?|bursar|caretaker|catering|clients?|contact|enquir(y|ies)|estates|finance|head|hello|help(desk)?|hr|info|information|invoices?|it|kitchen|mail|manager|office|orders?|payments?|payroll|postmaster|practice|purchas(e|ing)|reception|remittances?|sales|school|secretary|supplies|support|surgery|team|treasurer)([._0-9-].*)?$'
))
order by group_no
