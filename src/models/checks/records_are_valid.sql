-- One row per file of the current snapshots with rejected records.
select
    'error' as severity,
    'rejected_records' as finding,
    files.dataset,
    files.records_rejected as affected_records,
    coalesce(
        files.file_name || ' ' || changes.message,
        files.file_name || ': rejected ' || files.records_rejected || ' of ' || files.records_read || ' records; m365-offline rejects names them'
    ) as detail,
    coalesce(
        changes.cure,
        'See why: m365-offline rejects. Export it again; after a mended schema or a newer version: m365-offline rejects retry PATH.'
    ) as remedy,
from meta.source_files as files
left join meta.snapshots as snapshots using (snapshot_id)
left join meta.issues as changes
    on changes.source_file_id = files.source_file_id
    and changes.code in ('changed_meanwhile', 'two_exports')
where files.records_rejected > 0
  and snapshots.superseded_by is null
  -- A file of which nothing was loaded is in no snapshot; it is told until a good one of its dataset comes.
  and (
      (
          files.snapshot_id is null
          and not exists (from intermediate.current_files as later where later.dataset = files.dataset and later.import_id > files.import_id)
      )
      or files.source_file_id in (select source_file_id from intermediate.current_files)
  )
