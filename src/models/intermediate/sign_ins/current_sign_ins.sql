-- One row per sign-in up to as_of.
select sign_ins.*
from staging.sign_ins as sign_ins
join meta.file_periods as files using (source_file_id)
join intermediate.parameters as parameters
  on sign_ins.signed_in_at < parameters.as_of + interval 1 day
