-- One row per name that registration details and reports say, where there is no users export at as_of.
select names.*
from meta.named_people as names
join intermediate.parameters as parameters
  on parameters.as_of >= names.valid_from
 and parameters.as_of < names.valid_to
