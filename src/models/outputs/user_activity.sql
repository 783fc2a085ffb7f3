-- One row per user: whether the user is active by the rules of activity, the evidence, and the storage used.
with

activity as (
    select * from intermediate.person_activity
),

people as (
    select person_key, user_principal_name, display_name from intermediate.people
)

select
    user_id,
    user_principal_name,
    display_name,
    account_enabled,
    is_licensed,
    activity_status,
    activity_status_reason,
    activity_as_of,
    last_activity_date,
    last_activity_source,
    days_since_last_activity,
    exchange_last_activity_date,
    onedrive_last_activity_date,
    sharepoint_last_activity_date,
    teams_last_activity_date,
    yammer_last_activity_date,
    skype_last_activity_date,
    greatest(last_any_sign_in_at, last_log_sign_in_at) as last_sign_in_at,
    mailbox_storage_bytes,
    onedrive_storage_bytes,
    case
        when mailbox_storage_bytes is not null or onedrive_storage_bytes is not null
            then coalesce(mailbox_storage_bytes, 0) + coalesce(onedrive_storage_bytes, 0)
    end as storage_used_bytes,
    nullif(concat_ws(' and ',
        case when mailbox_storage_bytes is not null then 'Mailbox' end,
        case when onedrive_storage_bytes is not null then 'OneDrive' end
    ), '') as storage_covers,
    apps_last_activity_date as m365_apps_last_activity_date,
    copilot_last_activity_date,
    last_interactive_sign_in_at,
    never_signed_in,
    account_kind,
from activity
join people using (person_key)
