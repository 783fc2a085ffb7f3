-- One row per record of the current users snapshot; who was deleted is no user any more.
select
    records.*,
    files.snapshot_date,
from staging.users as records
join intermediate.current_files as files using (source_file_id)
where records.deleted_at is null
