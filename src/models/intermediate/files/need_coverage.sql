-- One row per output and thing that it needs: whether it is there, why not, and what is wrong with it.
select periods.* exclude (valid_from, valid_to)
from meta.need_periods as periods
join intermediate.parameters as parameters
  on coalesce(parameters.as_of, date '9999-12-30') >= periods.valid_from
 and coalesce(parameters.as_of, date '9999-12-30') < periods.valid_to
