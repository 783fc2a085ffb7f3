-- One row per current snapshot whose date nobody states: a guess by the time of writing, or by the times in records beside it.
select
    'warning' as severity,
    'date_guessed' as finding,
    dataset,
    null::bigint as affected_records,
    'taken as of ' || snapshot_date || case snapshot_date_source
        when 'bound' then ', the newest time in the records of its folder'
        else ', the time at which the file was last written'
    end as detail,
    'Import it again with --as-of and the day of the export.' as remedy,
from intermediate.dataset_coverage
where snapshot_date_source in ('modified_time', 'bound')
  and kind = 'state'
