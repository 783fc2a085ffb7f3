-- One row per user and workload with the newest use that a report shows, and per user and application with the newest successful sign-in.
with

mails as (
    select user_id, mail from intermediate.current_users
),

reported as (
    select
        user_id,
        user_principal_name,
        'usage report' as source,
        unnest([
            {workload: 'Exchange', day: exchange_last_activity_date},
            {workload: 'OneDrive', day: onedrive_last_activity_date},
            {workload: 'SharePoint', day: sharepoint_last_activity_date},
            {workload: 'Teams', day: teams_last_activity_date},
            {workload: 'Yammer', day: yammer_last_activity_date},
            {workload: 'Skype', day: skype_last_activity_date},
            {workload: 'Microsoft 365 apps', day: m365_apps_last_activity_date},
            {workload: 'Copilot', day: copilot_last_activity_date},
        ], recursive := true),
    from main.user_activity
),

events as (
    select
        user_id,
        user_principal_name,
        source,
        workload,
        day::timestamp as occurred_at,
        'day' as precision,
    from reported
    where day is not null
    union all by name
    select
        user_id,
        user_principal_name,
        'sign-in log' as source,
        app_id,
        coalesce(app_display_name, app_id) as app_name,
        last_sign_in_at as occurred_at,
        'second' as precision,
    from main.app_activity
    where last_sign_in_at is not null
)

select
    events.user_id,
    mails.mail,
    events.user_principal_name,
    events.source,
    events.workload,
    events.app_id,
    events.app_name,
    events.occurred_at,
    events.precision,
from events
left join mails using (user_id)
