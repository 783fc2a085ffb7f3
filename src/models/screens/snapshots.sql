-- One row per dataset: the snapshot that the outputs read.
select
    dataset,
    snapshot_date as "date",
    case snapshot_date_source
        when 'file' then 'the file'
        when 'as_of' then '--as-of'
        when 'file_name' then 'its name'
        when 'folder_name' then 'its folder'
        when 'other_file' then 'another list'
        when 'bound' then 'records (a guess)'
        when 'records' then 'the newest record'
        else 'a guess'
    end as "stated by",
    case
        when is_incomplete then 'NO'
        when is_end_unknown then 'cannot tell'
        else 'yes'
    end as "whole?",
    files,
    records_loaded as "loaded",
    records_rejected as "rejected",
from intermediate.dataset_coverage
where is_supplied
order by dataset
