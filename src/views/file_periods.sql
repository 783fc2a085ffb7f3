-- Which files the outputs read at which as_of, settled once per import: of a state dataset the newest date not known to be
-- incomplete (of several report periods the longest), else the newest; of events those that had begun, of reference lists all.
create or replace table meta.file_periods as
with

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
    from meta.snapshots as snapshots
    join meta.datasets as datasets using (dataset)
    where snapshots.superseded_by is null
),

dates as (
    select
        dataset,
        snapshot_date,
        report_period,
        bool_or(completeness = 'Incomplete') as is_incomplete,
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
            order by dates.is_incomplete, dates.snapshot_date desc, dates.report_period desc nulls last
        ) as place,
    from breaks
    join dates using (dataset)
    where dates.snapshot_date <= breaks.valid_from
),

state_periods as (
    select
        live.*,
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
        live.*,
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
    files.records_rejected,
    files.records_duplicate,
    periods.*,
from periods
join meta.source_files as files using (snapshot_id);

-- Of what a report counts, the figures of 30 days: in place of the edition of the newest refresh date that the dates are taken from, its D30 edition where there is one.
create or replace table meta.count_periods as
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
join meta.source_files as files using (snapshot_id);

-- Which files make up the snapshot of a dataset on a date of its own: of several report periods the longest, unless it alone is incomplete.
create or replace table meta.history_files as
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
where ranked.place = 1;

-- One row: the newest date in the data, incomplete exports included; as_of where nobody says another.
create or replace table meta.newest_date as
select max(greatest(snapshot_date, valid_from)) as newest_date
from meta.file_periods
where kind <> 'reference';
