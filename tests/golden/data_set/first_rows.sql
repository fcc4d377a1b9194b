select min(source_row) as source_row
from mapped
group by "surname", "forenames"
order by source_row
