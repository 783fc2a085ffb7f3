-- One row per file with rejected records: how many there are, and how many of them the ledger names.
select
    files.source_file_id,
    files.file_name as file,
    files.dataset,
    files.records_rejected as rejected,
    count(named.source_file_id) as named,
from meta.source_files as files
left join meta.rejected_records as named using (source_file_id)
where files.records_rejected > 0
group by all
order by files.source_file_id
