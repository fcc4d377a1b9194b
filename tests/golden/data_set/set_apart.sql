select source_row, "ni_number", "surname"
from records
where source_row in (select source_row from wanted)
order by source_row
