-- One row per file and time in which the outputs read it: of a state dataset the newest date not known to be incomplete
-- nor empty (of several report periods the longest), else the newest; of events those that had begun, of reference lists all.
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
        snapshots.first_date,
        snapshots.snapshot_date_source,
        snapshots.report_period,
        snapshots.completeness,
        snapshots.completeness_reason,
        datasets.kind,
        coalesce(filled.has_records, false) as has_records,
    from meta.snapshots as snapshots
    join meta.datasets as datasets using (dataset)
    left join filled using (snapshot_id)
    where snapshots.superseded_by is null
),

dates as (
    select
        dataset,
        snapshot_date,
        report_period,
        bool_or(completeness = 'Incomplete') as is_incomplete,
        -- A list without records never displaces one that has some.
        not bool_or(has_records) as is_empty,
    from live
    where kind = 'state'
    group by all
),

breaks as (
    select
        dataset,
        snapshot_date as valid_from,
        lead(snapshot_date, 1, date '9999-12-31') over (partition by dataset order by snapshot_date) as valid_to,
    from (select distinct dataset, snapshot_date from dates)
),

ranked as (
    select
        breaks.*,
        dates.snapshot_date,
        dates.report_period,
        row_number() over (
            partition by dataset, valid_from
            order by dates.is_empty, dates.is_incomplete, dates.snapshot_date desc, dates.report_period desc nulls last
        ) as place,
    from breaks
    join dates using (dataset)
    where dates.snapshot_date <= breaks.valid_from
),

state_periods as (
    select
        live.* exclude (has_records),
        ranked.valid_from,
        ranked.valid_to,
        ranked.snapshot_date < ranked.valid_from as has_newer_incomplete,
    from ranked
    join live
      on live.dataset = ranked.dataset
     and live.snapshot_date = ranked.snapshot_date
     and live.report_period is not distinct from ranked.report_period
    where ranked.place = 1
),

other_periods as (
    select
        live.* exclude (has_records),
        coalesce(first_date, date '0001-01-01') as valid_from,
        date '9999-12-31' as valid_to,
        false as has_newer_incomplete,
    from live
    where kind <> 'state'
),

periods as (
    select * from state_periods
    union all by name
    select * from other_periods
)

select
    files.source_file_id,
    files.import_id,
    files.file_name,
    files.wrapper,
    files.records_read,
    files.records_loaded,
    files.records_rejected - coalesce(gone.records_gone, 0) as records_rejected,
    files.records_duplicate,
    periods.*,
from periods
join meta.source_files as files using (snapshot_id)
left join gone
  on gone.source_file_id = files.source_file_id
