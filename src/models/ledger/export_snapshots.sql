-- One row per dataset: the snapshot that the outputs read, and whether one of those in the bundle needs it.
with

files as (
    select
        dataset,
        sum(records_read)::bigint as records_read,
        sum(records_duplicate)::bigint as records_duplicate,
    from intermediate.current_files
    group by all
)

select
    coverage.dataset,
    coverage.snapshot_date,
    coverage.snapshot_date_source,
    case
        when coverage.is_incomplete then 'Incomplete'
        when coverage.is_end_unknown then 'Unknown'
        else 'Complete'
    end as completeness,
    coverage.files,
    files.records_read,
    coverage.records_loaded,
    coverage.records_rejected,
    files.records_duplicate,
    coverage.dataset in (
        select dataset
        from meta.output_needs
        where list_contains(string_split($outputs, ','), output)
    ) as used,
from intermediate.dataset_coverage as coverage
left join files using (dataset)
where coverage.is_supplied
order by coverage.dataset
