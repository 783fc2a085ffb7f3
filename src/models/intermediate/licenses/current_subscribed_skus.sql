-- One row per record of the current subscribed skus snapshot.
select
    records.*,
    files.snapshot_date,
from staging.subscribed_skus as records
join intermediate.current_files as files using (source_file_id)
