-- One row per record of the current user registration details snapshot, of all records of an id.
select
    records.*,
    files.snapshot_date,
from staging.user_registration_details as records
join intermediate.current_files as files using (source_file_id)
