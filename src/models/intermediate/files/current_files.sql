-- One row per file that the outputs read at as_of.
select periods.*
from meta.file_periods as periods
join intermediate.parameters as parameters
  on parameters.as_of >= periods.valid_from
 and parameters.as_of < periods.valid_to
