-- One row per dataset: the snapshot that the outputs read.
select
    dataset,
    snapshot_date as "day",
    case snapshot_date_source
        when 'file' then 'file'
        when 'as_of' then 'as-of'
        when 'file_name' then 'name'
        when 'folder_name' then 'folder'
        when 'other_file' then 'list'
        when 'records' then 'times'
        else 'guess'
    end as "from",
    case
        when is_incomplete then 'NO'
        when is_end_unknown then '?'
        else 'yes'
    end as "whole",
    records_loaded as "loaded",
    records_rejected as "rej.",
from intermediate.dataset_coverage
where is_supplied
order by dataset
