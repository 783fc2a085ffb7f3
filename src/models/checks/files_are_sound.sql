-- One row per file of the current snapshots and thing about it that its records alone do not tell.
select
    issues.severity,
    issues.code as finding,
    files.dataset,
    sum(issues.records)::bigint as affected_records,
    files.file_name || ' ' || min(issues.message) || case when count(*) > 1 then '; so do ' || count(*) - 1 || ' more of its properties' else '' end as detail,
    min(issues.cure) as remedy,
from intermediate.current_files as files
join meta.issues as issues using (source_file_id)
where issues.code in ('date_order_unknown', 'zone_assumed', 'maybe_one_page', 'empty_value', 'count_mismatch', 'date_contradicted')
group by files.source_file_id, files.file_name, files.dataset, issues.severity, issues.code
