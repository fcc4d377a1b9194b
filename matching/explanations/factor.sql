-- Creditors whose name speaks of factoring: one row per group that has one.
select group_no, count(distinct creditor_reference) as creditors
from members
where regexp_matches(
        -- motor factors and the like sell parts, not debts
        regexp_replace(upper(creditor_name), '\b(MOTOR|AUTO|CAR|VEHICLE|COMMERCIAL VEHICLE|TRUCK|ELECTRICAL|PLUMBING|BUILDING|ENGINEERING|INDUSTRIAL) FACTORS?\b', '', 'g'),
        '\b(FACTORS?|FACTORING|RECEIVABLES|(INVOICE|DEBTOR|COMMERCIAL|CASH ?FLOW) FINANCE|INVOICE DISCOUNTING)\b'
    )
group by group_no
order by group_no
