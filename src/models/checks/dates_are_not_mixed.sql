-- One row per dataset of the current snapshots whose files of one import are of several days.
with

current as (
    select distinct
        import_id,
        dataset,
        snapshot_date,
    from intermediate.current_files
    where kind = 'state'
),

others as (
    select
        current.dataset,
        current.snapshot_date,
        string_agg(distinct snapshots.snapshot_date, ', ' order by snapshots.snapshot_date) as other_dates,
        sum(sources.records_loaded)::bigint as records,
    from current
    join meta.source_files as sources using (import_id, dataset)
    -- Pages that follow some days later give their day to the snapshot.
    join meta.snapshots as snapshots using (snapshot_id)
    where snapshots.snapshot_date <> current.snapshot_date
    group by all
)

select
    'warning' as severity,
    'dates_mixed' as finding,
    dataset,
    records as affected_records,
    'files of several days came in one import; the outputs read those of ' || snapshot_date || ', not the ' || records || ' records of ' || other_dates as detail,
    'Right where they are exports of several days. Where they are one: import it again with --as-of and its day, or as one file where its records state days themselves.' as remedy,
from others
