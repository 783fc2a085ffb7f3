-- One row per edition of a usage report and date column in it: for how many days before its refresh date an empty date says that there was no use.
-- materialize: at the latest date
with

files as (
    select * from intermediate.report_candidates
),

-- JSON states the period of these two inside of the record.
stated as (
    select source_file_id, max(report_period)::integer as stated_period
    from staging.m365_app_user_detail
    where source_file_id in (select source_file_id from files)
    group by all
    union all by name
    select source_file_id, max(report_period)::integer as stated_period
    from staging.copilot_usage_user_detail
    where source_file_id in (select source_file_id from files)
    group by all
),

dates as (
    select
        source_file_id,
        max(report_refresh_date) as refresh_date,
        bool_or(is_concealed) as has_concealed,
        min(exchange_last_activity_date) as exchange,
        min(onedrive_last_activity_date) as onedrive,
        min(sharepoint_last_activity_date) as sharepoint,
        min(teams_last_activity_date) as teams,
        min(yammer_last_activity_date) as yammer,
        min(skype_last_activity_date) as skype,
        min(apps_last_activity_date) as apps,
        min(copilot_last_activity_date) as copilot,
        min(teams_device_last_activity_date) as teams_device,
        min(email_app_last_activity_date) as email_app,
        min(yammer_device_last_activity_date) as yammer_device,
    from intermediate.report_rows
    where source_file_id in (select source_file_id from files)
    group by all
),

oldest as (
    select * from dates
    unpivot include nulls (oldest_date for workload in (exchange, onedrive, sharepoint, teams, yammer, skype, apps, copilot, teams_device, email_app, yammer_device))
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
        bool_or(oldest.has_concealed) as has_concealed,
        max(coalesce(files.period, stated.stated_period)) as period,
        max(oldest.refresh_date) - min(oldest.oldest_date) as span_days,
        count(whole.source_file_id) > 0 as is_whole,
    from files
    join meta.activity_columns as columns using (dataset)
    join oldest using (source_file_id, workload)
    left join stated using (source_file_id)
    left join whole
      on whole.source_file_id = files.source_file_id
     and whole.workload = columns.workload
    group by all
)

select
    *,
    case
        -- Below any threshold: a single day shows no absence, nor does a report of which nobody knows the days.
        when not is_whole or period = 1 then -1
        -- Files that were captured again and again reach further back than the period. Months of 28 days are months.
        else coalesce(greatest(case when period = 28 then 30 else period end, span_days), -1)
    end as reach_days,
from measured
