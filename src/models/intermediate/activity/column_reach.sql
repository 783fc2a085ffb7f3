-- One row per edition of a usage report and date column in it: for how many days before its refresh date an empty date says that there was no use.
-- materialize: at the latest date
with

files as (
    select * from intermediate.report_candidates
),

dates as (
    select
        source_file_id,
        max(report_refresh_date) as refresh_date,
        null::integer as stated_period,
        min(exchange_last_activity_date) as exchange,
        min(onedrive_last_activity_date) as onedrive,
        min(sharepoint_last_activity_date) as sharepoint,
        min(teams_last_activity_date) as teams,
        min(yammer_last_activity_date) as yammer,
        min(skype_last_activity_date) as skype,
        null::date as apps,
        null::date as copilot,
    from intermediate.report_rows
    where source_file_id in (select source_file_id from files)
    group by all
    union all by name
    -- JSON states the period of these two inside of the record.
    select source_file_id, max(report_refresh_date) as refresh_date, max(report_period)::integer as stated_period, min(last_activity_date) as apps
    from staging.m365_app_user_detail
    where source_file_id in (select source_file_id from files)
    group by all
    union all by name
    select source_file_id, max(report_refresh_date) as refresh_date, max(report_period)::integer as stated_period, min(last_activity_date) as copilot
    from staging.copilot_usage_user_detail
    where source_file_id in (select source_file_id from files)
    group by all
),

oldest as (
    select * from dates
    unpivot include nulls (oldest_date for workload in (exchange, onedrive, sharepoint, teams, yammer, skype, apps, copilot))
),

whole as (
    select * from meta.whole_columns
),

measured as (
    select
        files.dataset,
        files.snapshot_id,
        files.snapshot_date,
        files.is_newest,
        columns.workload,
        max(oldest.refresh_date) as refresh_date,
        max(coalesce(files.period, oldest.stated_period)) as period,
        max(oldest.refresh_date) - min(oldest.oldest_date) as span_days,
        count(whole.source_file_id) > 0 as is_whole,
    from files
    join meta.activity_columns as columns using (dataset)
    join oldest using (source_file_id, workload)
    left join whole
      on whole.source_file_id = files.source_file_id
     and whole.workload = columns.workload
    group by all
)

select
    *,
    case
        -- A single day shows no absence.
        when not is_whole or period = 1 then 0
        -- Files that were captured again and again reach further back than the period. Months of 28 days are months.
        else coalesce(greatest(case when period = 28 then 30 else period end, span_days), 0)
    end as reach_days,
from measured
