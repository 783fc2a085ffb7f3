-- One row per file of a usage report whose counts the outputs read at as_of: the edition of 30 days, where there is one.
select periods.*
from meta.count_periods as periods
join intermediate.parameters as parameters
  on parameters.as_of >= periods.valid_from
 and parameters.as_of < periods.valid_to
