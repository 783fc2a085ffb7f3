-- One row per user whom the reports on the Office applications or on Copilot name: how far they reach, the newest use that they show, and for how many days they would show it.
-- materialize: at the latest date
with

app_rows as (
    select
        'apps' as workload,
        upn_key,
        report_refresh_date,
        last_activity_date,
        source_file_id,
    from staging.m365_app_user_detail
    union all by name
    select
        'copilot' as workload,
        upn_key,
        report_refresh_date,
        last_activity_date,
        source_file_id,
    from staging.copilot_usage_user_detail
),

reaching as (
    select
        editions.source_file_id,
        reach.workload,
        -- A column that the file has not, or not in every record, says nothing where it is empty.
        case when whole.source_file_id is not null then reach.reach_days end as reach_days,
    from intermediate.report_editions as editions
    join intermediate.column_reach as reach using (snapshot_id)
    left join meta.whole_columns as whole
      on whole.source_file_id = editions.source_file_id
     and whole.workload = reach.workload
    where reach.workload in ('apps', 'copilot')
),

upns as (
    select
        identity_key as upn_key,
        user_id,
        created_at::date as created_date,
    from intermediate.known_names
    where bearers = 1
      and user_id is not null
),

used as (
    select
        upns.user_id,
        app_rows.workload,
        app_rows.report_refresh_date,
        case when last_activity_date >= created_date or created_date is null then last_activity_date end as use_date,
        -- A date stands for all days.
        case when use_date is null then reaching.reach_days else 100000 end as known_days,
    from app_rows
    join reaching using (source_file_id, workload)
    join upns using (upn_key)
    where report_refresh_date >= created_date
       or created_date is null
)

select
    user_id,
    max(report_refresh_date) filter (workload = 'apps') as apps_reach,
    max(use_date) filter (workload = 'apps') as apps_date,
    max(known_days) filter (workload = 'apps') as apps_days,
    max(report_refresh_date) filter (workload = 'copilot') as copilot_reach,
    max(use_date) filter (workload = 'copilot') as copilot_date,
    max(known_days) filter (workload = 'copilot') as copilot_days,
from used
group by all
