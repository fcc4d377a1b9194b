select records.source_row, records."department" as value
from records
where records."department" is not null
  and not exists (
    select 1
    from lookup
    where lookup.code = upper(trim(records."department"))
  )
order by records.source_row
