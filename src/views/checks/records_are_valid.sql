-- One row per file of the current snapshots with rejected records.
select
    'error' as severity,
    'rejected_records' as finding,
    files.dataset,
    files.records_rejected as affected_records,
    files.file_name || ': ' || files.records_rejected || ' of ' || files.records_read || ' records were rejected; meta.rejected_records names them' as detail,
    'Export it again, or tell why: m365-offline query "from meta.rejected_records".' as remedy,
from meta.source_files as files
left join meta.snapshots as snapshots using (snapshot_id)
where files.records_rejected > 0
  and snapshots.superseded_by is null
