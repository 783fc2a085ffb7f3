-- One row per file of a snapshot up to as_of, whether or not the outputs read it; what was superseded is none.
select files.*
from meta.history_files as files
join intermediate.parameters as parameters
  on files.snapshot_date <= parameters.as_of
