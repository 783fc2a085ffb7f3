-- One row per file of a usage report that may decide at as_of: of the edition that the outputs read, and of those up to 7 days older that are not known to be incomplete.
with

newest as (
    select distinct
        dataset,
        snapshot_id,
        max(snapshot_date) over (partition by dataset) as newest_date,
    from intermediate.current_files
    where dataset in (select dataset from meta.activity_columns)
),

dates as (
    select distinct dataset, newest_date from newest
),

candidates as (
    select
        snapshots.dataset,
        snapshots.snapshot_id,
        snapshots.snapshot_date,
        snapshots.snapshot_id in (select snapshot_id from newest) as is_newest,
        -- The Active users report states no period: it goes back 180 days.
        case when dataset = 'office365_active_user_detail' then 180 else report_period end as period,
    from meta.snapshots as snapshots
    join dates using (dataset)
    where superseded_by is null
      and snapshot_date between newest_date - 7 and newest_date
      and (is_newest or completeness <> 'Incomplete')
)

select
    candidates.*,
    files.source_file_id,
from candidates
join meta.source_files as files using (snapshot_id)
