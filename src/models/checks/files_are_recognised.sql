-- One row per file that was not read at all, until a good one comes: of its dataset where that is known, else of its name.
select
    'error' as severity,
    issues.code as finding,
    files.dataset,
    0 as affected_records,
    files.file_name || ' ' || issues.message as detail,
    issues.cure as remedy,
from meta.source_files as files
join meta.issues as issues using (source_file_id)
left join intermediate.current_files as current
  on current.import_id > files.import_id
 and (current.dataset = files.dataset or (files.dataset is null and current.file_name = files.file_name))
where (
    issues.code in ('unrecognised', 'wrapped', 'mixed_list', 'ambiguous', 'missing_columns', 'file_empty')
    or (issues.code = 'error_body' and files.dataset is null)
)
  and current.source_file_id is null
