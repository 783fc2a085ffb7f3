-- One row per day on which data begins or ends: whether it is the day of an export.
select
    day,
    bool_or(kind = 'state') as is_snapshot,
from (
    select snapshot_date as day, kind from meta.file_periods
    union all
    select valid_from as day, kind from meta.file_periods
    union all
    select snapshot_date as day, 'state' as kind from meta.history_files
)
where kind <> 'reference'
  and day > date '0001-01-01'
group by day
order by day
