select records.source_row, records."creditor_reference" as value
from records
where records."creditor_reference" is not null      -- a blank refers to nothing
  and not exists (
    select 1
    from others
    where others."creditor_reference" = records."creditor_reference"
  )
order by records.source_row
