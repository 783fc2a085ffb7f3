-- One row per record of the current office365 active user detail snapshot.
select
    records.*,
    files.snapshot_date,
from staging.office365_active_user_detail as records
join intermediate.current_files as files using (source_file_id)
