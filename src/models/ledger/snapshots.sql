-- One row per dataset: the snapshot that the outputs read.
select
    dataset,
    snapshot_date,
    snapshot_date_source,
    case
        when not is_supplied then 'Not supplied'
        when is_incomplete then 'Incomplete'
        when is_end_unknown then 'Unknown'
        else 'Complete'
    end as completeness,
    files,
    records_loaded,
    records_rejected,
from intermediate.dataset_coverage
where is_supplied
order by dataset
