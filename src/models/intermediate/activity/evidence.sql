-- One row per usage report and name in its rows, and per row of `sign_in_evidence`: whose it is by today's users, or why it is nobody's.
with

export as (
    select
        count(*) > 0 as has_users,
        coalesce(bool_or(completeness = 'Incomplete' or records_rejected > 0), false) as is_cut,
    from intermediate.current_files
    where dataset = 'users'
),

united as (
    select * from intermediate.report_activity
    union all by name
    select
        'sign_ins' as dataset,
        user_id,
        user_principal_name,
        upn_key,
        attempts,
        last_seen_at,
        last_sign_in_at,
        last_person_sign_in_at,
        last_interactive_sign_in_at,
    from intermediate.sign_in_evidence
),

identities as (
    select * from intermediate.known_names
),

keyed as (
    select
        *,
        -- Where a row has an id the name says nothing more: somebody else may have had it. Without a users export not all ids are known.
        case
            when has_users or upn_key is null or user_id in (select user_id from intermediate.registered_people) then coalesce(user_id, upn_key)
            else upn_key
        end as identity_key,
    from united
    cross join export
),

-- Joined by equal keys alone: with a further condition the engine compares every row with every other.
matched as (
    select
        keyed.*,
        -- Two ids are two people, whatever the name.
        keyed.user_id is null or identities.user_id is null or keyed.user_id = identities.user_id as is_same,
        case when is_same then identities.person_key end as person_key,
        case when is_same then identities.created_at end as created_at,
        case when is_same then identities.matched_by end as matched_by,
        case when is_same then identities.bearers end as bearers,
    from keyed
    left join identities
      on keyed.identity_key = identities.identity_key
)

select
    dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_id as named_user_id,
    user_principal_name,
    upn_key,
    display_name,
    person_key,
    matched_by,
    case
        when identity_key is null then 'It names nobody'
        when is_concealed then 'The name is concealed'
        when is_deleted then 'The account was deleted'
        when bearers > 1 then 'Several users have this name: ' || bearers
        when person_key is null and not has_users then 'No users export was supplied'
        when person_key is null and is_cut then 'Not in the users export, which is incomplete'
        when person_key is null then 'Not in the users export'
        when report_refresh_date < created_at::date then 'The report was made before the account was created'
        when user_id is null and last_seen_at < created_at then 'Signed in before the account was created'
    end as unmatched_reason,
    -- Activity from before the account was created, and licenses, belong to somebody else who had the UPN.
    case when exchange_last_activity_date >= created_at::date or created_at is null then exchange_last_activity_date end as exchange_last_activity_date,
    case when onedrive_last_activity_date >= created_at::date or created_at is null then onedrive_last_activity_date end as onedrive_last_activity_date,
    case when sharepoint_last_activity_date >= created_at::date or created_at is null then sharepoint_last_activity_date end as sharepoint_last_activity_date,
    case when teams_last_activity_date >= created_at::date or created_at is null then teams_last_activity_date end as teams_last_activity_date,
    case when yammer_last_activity_date >= created_at::date or created_at is null then yammer_last_activity_date end as yammer_last_activity_date,
    case when skype_last_activity_date >= created_at::date or created_at is null then skype_last_activity_date end as skype_last_activity_date,
    case when apps_last_activity_date >= created_at::date or created_at is null then apps_last_activity_date end as apps_last_activity_date,
    case when copilot_last_activity_date >= created_at::date or created_at is null then copilot_last_activity_date end as copilot_last_activity_date,
    case when teams_device_last_activity_date >= created_at::date or created_at is null then teams_device_last_activity_date end as teams_device_last_activity_date,
    case when email_app_last_activity_date >= created_at::date or created_at is null then email_app_last_activity_date end as email_app_last_activity_date,
    case when yammer_device_last_activity_date >= created_at::date or created_at is null then yammer_device_last_activity_date end as yammer_device_last_activity_date,
    case when exchange_license_assign_date >= created_at::date or created_at is null then exchange_license_assign_date end as exchange_license_assign_date,
    case when onedrive_license_assign_date >= created_at::date or created_at is null then onedrive_license_assign_date end as onedrive_license_assign_date,
    case when sharepoint_license_assign_date >= created_at::date or created_at is null then sharepoint_license_assign_date end as sharepoint_license_assign_date,
    case when teams_license_assign_date >= created_at::date or created_at is null then teams_license_assign_date end as teams_license_assign_date,
    case when yammer_license_assign_date >= created_at::date or created_at is null then yammer_license_assign_date end as yammer_license_assign_date,
    case when skype_license_assign_date >= created_at::date or created_at is null then skype_license_assign_date end as skype_license_assign_date,
    case when user_id is not null or last_sign_in_at >= created_at or created_at is null then last_sign_in_at end as last_sign_in_at,
    case when user_id is not null or last_person_sign_in_at >= created_at or created_at is null then last_person_sign_in_at end as last_person_sign_in_at,
    case when user_id is not null or last_interactive_sign_in_at >= created_at or created_at is null then last_interactive_sign_in_at end as last_interactive_sign_in_at,
    least(
        exchange_last_activity_date,
        onedrive_last_activity_date,
        sharepoint_last_activity_date,
        teams_last_activity_date,
        yammer_last_activity_date,
        skype_last_activity_date,
        apps_last_activity_date,
        copilot_last_activity_date,
        teams_device_last_activity_date,
        email_app_last_activity_date,
        yammer_device_last_activity_date
    ) as oldest_use_date,
    case when oldest_use_date < created_at::date then oldest_use_date end as earlier_use_date,
    edition,
    coalesce(is_newest, true) as is_newest,
    covers_exchange,
    covers_onedrive,
    covers_sharepoint,
    covers_teams,
    covers_yammer,
    covers_skype,
    covers_apps,
    covers_copilot,
    denies_exchange,
    denies_onedrive,
    denies_sharepoint,
    denies_teams,
    denies_yammer,
    mailbox_storage_bytes,
    onedrive_storage_bytes,
    attempts,
    last_seen_at,
from matched
