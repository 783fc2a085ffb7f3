-- One row per file with rejected records: how many there are, how many of them the ledger names, and why all of them are
-- where the file was refused as a whole.
select
    files.source_file_id,
    files.file_name as file,
    files.dataset,
    files.records_rejected as rejected,
    count(named.source_file_id) as named,
    refusals.message,
    refusals.cure,
from meta.source_files as files
left join meta.rejected_records as named using (source_file_id)
left join meta.issues as refusals
    on refusals.source_file_id = files.source_file_id
    and refusals.code in ('changed_meanwhile', 'refused_by_strict', 'two_exports')
where files.records_rejected > 0
group by all
order by files.source_file_id
