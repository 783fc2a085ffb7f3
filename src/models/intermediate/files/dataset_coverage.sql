-- One row per dataset: whether it was supplied, how complete it is, and an error answer that came in its place.
select periods.* exclude (valid_from, valid_to)
from meta.dataset_periods as periods
join intermediate.parameters as parameters
  on coalesce(parameters.as_of, date '9999-12-30') >= periods.valid_from
 and coalesce(parameters.as_of, date '9999-12-30') < periods.valid_to
