-- One row per file and time in which what a report counts is read from it, the figures of 30 days: in place of the edition of the newest refresh date that the dates are taken from, its D30 edition where there is one.
-- materialize: always
with

monthly as (
    select
        dataset,
        snapshot_date,
        min(snapshot_id) as snapshot_id,
    from meta.snapshots
    where superseded_by is null
      and report_period = 30
    group by all
    having bool_and(completeness <> 'Incomplete')
),

chosen as (
    select distinct
        periods.dataset,
        periods.snapshot_date,
        periods.valid_from,
        periods.valid_to,
        coalesce(monthly.snapshot_id, periods.snapshot_id) as snapshot_id,
    from meta.file_periods as periods
    left join monthly using (dataset, snapshot_date)
    where periods.report_period is not null
)

select
    files.source_file_id,
    chosen.*,
    snapshots.report_period,
    snapshots.completeness,
from chosen
join meta.snapshots as snapshots using (snapshot_id)
join meta.source_files as files using (snapshot_id)
