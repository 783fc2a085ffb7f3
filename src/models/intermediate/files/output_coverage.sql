-- One row per output: how far it can be trusted and why, from what it needs and what was supplied.
select periods.* exclude (valid_from, valid_to)
from meta.output_periods as periods
join intermediate.parameters as parameters
  on coalesce(parameters.as_of, date '9999-12-30') >= periods.valid_from
 and coalesce(parameters.as_of, date '9999-12-30') < periods.valid_to
