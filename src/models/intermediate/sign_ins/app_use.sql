-- One row per user whom the reports on the Office applications or on Copilot name: how far they reach, and the newest use that they show.
-- materialize: at the latest date
with

app_rows as (
    select
        'apps' as report,
        upn_key,
        report_refresh_date,
        last_activity_date,
        source_file_id,
    from staging.m365_app_user_detail
    union all by name
    select
        'copilot' as report,
        upn_key,
        report_refresh_date,
        last_activity_date,
        source_file_id,
    from staging.copilot_usage_user_detail
),

upns as (
    select
        identity_key as upn_key,
        user_id,
        created_at::date as created_date,
    from intermediate.known_names
    where bearers = 1
      and user_id is not null
)

select
    upns.user_id,
    max(report_refresh_date) filter (report = 'apps') as apps_reach,
    max(last_activity_date) filter (report = 'apps' and (last_activity_date >= created_date or created_date is null)) as apps_date,
    max(report_refresh_date) filter (report = 'copilot') as copilot_reach,
    max(last_activity_date) filter (report = 'copilot' and (last_activity_date >= created_date or created_date is null)) as copilot_date,
from app_rows
join intermediate.current_files using (source_file_id)
join upns using (upn_key)
where report_refresh_date >= created_date
   or created_date is null
group by all
