-- One row per record of the current mailbox usage detail snapshot.
select
    records.*,
    files.snapshot_date,
from staging.mailbox_usage_detail as records
join intermediate.current_files as files using (source_file_id)
