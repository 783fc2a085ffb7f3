-- One row per record of the current onedrive usage account detail snapshot.
select
    records.*,
    files.snapshot_date,
from staging.onedrive_usage_account_detail as records
join intermediate.current_files as files using (source_file_id)
