-- One row per file that was not read at all.
select
    'error' as severity,
    issues.code as finding,
    files.dataset,
    0 as affected_records,
    files.file_name || ' ' || issues.message as detail,
    issues.cure as remedy,
from meta.source_files as files
join meta.issues as issues using (source_file_id)
where issues.code in ('unrecognised', 'ambiguous', 'missing_columns', 'file_empty')
   or (issues.code = 'error_body' and files.dataset is null)
