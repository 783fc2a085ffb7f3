-- One row per file that was imported as a dataset.
select
    regexp_extract(file_name, '[^/\\]*$') as file_name,
    sha256,
    bytes,
    dataset,
    snapshot_date,
    snapshot_date_source,
    completeness,
    completeness_reason,
    records_read,
    records_loaded,
    records_rejected,
    records_duplicate,
from meta.source_files
where dataset is not null
order by dataset, 1, sha256, records_read, records_loaded
