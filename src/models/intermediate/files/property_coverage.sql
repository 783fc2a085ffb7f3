-- One row per dataset and property of the files that the outputs read: in how many records it was there, null, or concealed.
select periods.* exclude (valid_from, valid_to)
from meta.property_periods as periods
join intermediate.parameters as parameters
  on parameters.as_of >= periods.valid_from
 and parameters.as_of < periods.valid_to
