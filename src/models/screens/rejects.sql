-- One row per rejected record that the ledger names, and the count of those that it does not.
select
    rejected.source_file_id,
    files.file_name as file,
    rejected.record_number as record,
    rejected.byte_offset as at_byte,
    rejected.code,
    rejected.pointer,
    rejected.message,
    rejected.cure,
from meta.rejected_records as rejected
join meta.source_files as files using (source_file_id)
order by files.source_file_id, rejected.record_number
