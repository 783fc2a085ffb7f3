-- One row per row of a usage report with an open name, up to as_of: the workload dates and the storage that it shows. Rows of deleted accounts are left out.
select
    report_rows.*,
    files.snapshot_date,
    files.completeness,
from intermediate.report_rows as report_rows
join intermediate.history_files as files using (source_file_id)
where not is_concealed
  and not is_deleted
