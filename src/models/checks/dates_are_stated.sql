-- One row per current snapshot whose date is only its file's modification time.
select
    'warning' as severity,
    'date_guessed' as finding,
    dataset,
    null::bigint as affected_records,
    'taken as of ' || snapshot_date || ', the time at which the file was last written' as detail,
    'Import it again with --as-of and the day of the export.' as remedy,
from intermediate.dataset_coverage
where snapshot_date_source = 'modified_time'
  and kind = 'state'
