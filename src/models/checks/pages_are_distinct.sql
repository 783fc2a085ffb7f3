-- One row per file of the current state snapshots with records that stand there twice.
select
    'warning' as severity,
    case when files.records_loaded = 0 then 'page_twice' else 'records_twice' end as finding,
    files.dataset,
    files.records_duplicate as affected_records,
    case
        when files.records_loaded = 0
            then files.file_name || ': all of its ' || files.records_duplicate || ' records are in the other files of the export too: the same page or file twice'
        else files.file_name || ': ' || files.records_duplicate || ' of ' || files.records_read || ' records stand there twice; the last of each was taken'
    end as detail,
    case
        when files.records_loaded = 0 then 'A copy can be left out. Of pages another may be missing in its place: export again, from each page to the @odata.nextLink that it gives.'
        else 'Do not import two exports of one day together; export again if you did not.'
    end as remedy,
from intermediate.current_files as files
where files.kind = 'state'
  and files.records_duplicate > 0
