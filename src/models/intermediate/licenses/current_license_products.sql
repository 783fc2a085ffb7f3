-- One row per record of the current license products snapshot.
select
    records.*,
    files.snapshot_date,
from staging.license_products as records
join intermediate.current_files as files using (source_file_id)
