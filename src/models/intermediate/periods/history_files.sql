-- One row per file that makes up the snapshot of a dataset on a date of its own: of several report periods the longest, unless it alone is incomplete.
-- materialize: always
with

-- What is gone was rejected for that, and is missing to nobody.
gone as (
    select
        source_file_id,
        sum(records)::bigint as records_gone,
    from meta.issues
    where code in ('ghost_record', 'deleted_record')
    group by all
),

filled as (
    select
        snapshot_id,
        sum(records_loaded) > 0 as has_records,
    from meta.source_files
    group by all
),

live as (
    select
        snapshots.snapshot_id,
        snapshots.dataset,
        snapshots.snapshot_date,
        snapshots.report_period,
        snapshots.completeness,
        coalesce(filled.has_records, false) as has_records,
    from meta.snapshots as snapshots
    join meta.datasets as datasets using (dataset)
    left join filled using (snapshot_id)
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
            -- A list without records says nothing of anybody.
            when bool_or(completeness = 'Incomplete') or not bool_or(has_records) then 'Incomplete'
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
    files.records_rejected - coalesce(gone.records_gone, 0) as records_rejected,
from ranked
join live
  on live.dataset = ranked.dataset
 and live.snapshot_date = ranked.snapshot_date
 and live.report_period is not distinct from ranked.report_period
join meta.source_files as files using (snapshot_id)
left join gone
  on gone.source_file_id = files.source_file_id
where ranked.place = 1
