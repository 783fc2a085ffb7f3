-- One row per file of the current snapshots that is known to be incomplete.
select
    'error' as severity,
    'incomplete_file' as finding,
    files.dataset,
    files.records_loaded as affected_records,
    files.file_name || ': ' || coalesce(files.completeness_reason, 'incomplete') as detail,
    'Export it again to its end and import all of its files together.' as remedy,
from meta.source_files as files
join intermediate.current_files as current using (source_file_id)
where files.completeness = 'Incomplete'
  and current.completeness = 'Incomplete'
