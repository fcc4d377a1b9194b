select source_row, "creditor_reference", "invoice_date", "remarks"
from records
where source_row = (select max(source_row) from records)
  and ("creditor_reference" is null
    or "invoice_date" is null)
order by source_row
