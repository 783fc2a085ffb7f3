-- One row per record of the current email activity user detail snapshot.
select
    records.*,
    files.snapshot_date,
from staging.email_activity_user_detail as records
join intermediate.current_files as files using (source_file_id)
