-- One row per record of the current credential user registration details snapshot.
select
    records.*,
    files.snapshot_date,
from staging.credential_user_registration_details as records
join intermediate.current_files as files using (source_file_id)
