-- One row per file that makes up the snapshot of a dataset on a date of its own: of several report periods the longest, unless it alone is incomplete.
-- materialize: always
with

live as (
    select
        snapshots.snapshot_id,
        snapshots.dataset,
        snapshots.snapshot_date,
        snapshots.report_period,
        snapshots.completeness,
    from meta.snapshots as snapshots
    join meta.datasets as datasets using (dataset)
    where snapshots.superseded_by is null
      and datasets.kind = 'state'
      and snapshots.snapshot_date is not null
),

editions as (
    select
        dataset,
        snapshot_date,
        report_period,
        case
            when bool_or(completeness = 'Incomplete') then 'Incomplete'
            when bool_or(completeness = 'Unknown') then 'Unknown'
            else 'Complete'
        end as completeness,
    from live
    group by all
),

ranked as (
    select
        *,
        row_number() over (
            partition by dataset, snapshot_date
            order by completeness = 'Incomplete', report_period desc nulls last
        ) as place,
    from editions
)

select
    ranked.dataset,
    ranked.snapshot_date,
    ranked.report_period,
    ranked.completeness,
    files.source_file_id,
    files.records_rejected,
from ranked
join live
  on live.dataset = ranked.dataset
 and live.snapshot_date = ranked.snapshot_date
 and live.report_period is not distinct from ranked.report_period
join meta.source_files as files using (snapshot_id)
where ranked.place = 1
