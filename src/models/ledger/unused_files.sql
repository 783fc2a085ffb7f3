-- One row per file from $first_file on that is kept but that the outputs do not read at the newest date, and why.
with

current_days as (
    select
        dataset,
        max(snapshot_date) as snapshot_date,
        max(report_period) as report_period,
    from meta.file_periods
    where kind = 'state'
      and valid_to = date '9999-12-31'
    group by all
),

unread as (
    select files.*
    from meta.source_files as files
    where source_file_id >= $first_file
      and snapshot_id is not null
      and source_file_id not in (select source_file_id from meta.file_periods where valid_to = date '9999-12-31')
)

select
    unread.source_file_id,
    case
        when snapshots.completeness = 'Incomplete' then 'it is incomplete, and that of ' || days.snapshot_date || ' counts'
        when rivals.import_id is not null then 'import ' || rivals.import_id || ' brought that day again'
        when days.snapshot_date > snapshots.snapshot_date then 'that of ' || days.snapshot_date || ' is newer'
        else 'the report over ' || days.report_period || ' days counts'
    end as reason,
from unread
join meta.snapshots as snapshots using (snapshot_id)
left join meta.snapshots as rivals
  on rivals.snapshot_id = snapshots.superseded_by
left join current_days as days
  on days.dataset = unread.dataset
