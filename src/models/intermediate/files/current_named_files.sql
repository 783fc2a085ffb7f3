-- One row per file that says who is there at as_of, as there is no users export yet.
select files.source_file_id
from meta.named_files as files
join intermediate.parameters as parameters
  on parameters.as_of >= files.valid_from
 and parameters.as_of < files.valid_to
