-- One row per record of the current skype for business activity user detail snapshot.
select
    records.*,
    files.snapshot_date,
from staging.skype_for_business_activity_user_detail as records
join intermediate.current_files as files using (source_file_id)
