-- One row per file that is known to be incomplete, of the current snapshots and of newer ones that were passed over for that.
select
    'error' as severity,
    'incomplete_file' as finding,
    files.dataset,
    files.records_loaded as affected_records,
    files.file_name || ': ' || coalesce(files.completeness_reason, 'incomplete')
        || case when current.source_file_id is null then '; the outputs read an older export instead' else '' end as detail,
    'Export it again to its end and import all of its files together.'
        || case when files.own_completeness is not null then ' Where it is whole: import it with --complete ' || files.dataset || '.' else '' end as remedy,
from meta.source_files as files
join meta.snapshots as snapshots using (snapshot_id)
join intermediate.dataset_coverage as coverage
  on coverage.dataset = files.dataset
left join intermediate.current_files as current
  on current.source_file_id = files.source_file_id
cross join intermediate.parameters as parameters
where files.completeness = 'Incomplete'
  and snapshots.completeness = 'Incomplete'
  and snapshots.superseded_by is null
  and (
      current.source_file_id is not null
      or snapshots.snapshot_date between coverage.snapshot_date and parameters.as_of
  )
