-- One row per file of the current snapshots, or newer and passed over for having no records, and thing about it that its records alone do not tell.
select
    issues.severity,
    issues.code as finding,
    files.dataset,
    sum(issues.records)::bigint as affected_records,
    files.file_name || ' ' || min(issues.message) || case when count(*) > 1 then '; so do ' || count(*) - 1 || ' more of its properties' else '' end as detail,
    min(issues.cure) as remedy,
from meta.source_files as files
join meta.snapshots as snapshots using (snapshot_id)
join meta.issues as issues using (source_file_id)
left join intermediate.current_files as current using (source_file_id)
left join intermediate.dataset_coverage as coverage
  on coverage.dataset = files.dataset
cross join intermediate.parameters as parameters
where (
    current.source_file_id is not null
    or (
        files.records_read = 0
        and snapshots.superseded_by is null
        and snapshots.snapshot_date between coverage.snapshot_date and parameters.as_of
    )
)
  and issues.code in ('number_unreadable', 'date_order_unknown', 'unknown_word', 'zone_assumed', 'maybe_one_page', 'empty_value', 'count_mismatch', 'date_contradicted', 'several_refresh_dates')
group by files.source_file_id, files.file_name, files.dataset, issues.severity, issues.code
