-- One row per user of the current users export, with licenses, MFA status, activity and storage.
with

users as (
    select * from intermediate.current_users
),

licenses as (
    select * from intermediate.user_licenses
),

mfa as (
    select user_id, mfa_status, user_type from intermediate.person_mfa
),

activity as (
    select * from intermediate.person_activity
)

select
    users.user_id,
    users.user_principal_name,
    users.display_name,
    users.given_name,
    users.surname,
    users.mail,
    users.account_enabled,
    users.created_at,
    users.country,
    users.department,
    coalesce(users.user_type, mfa.user_type) as user_type,
    case when users.is_licensed is not null then coalesce(licenses.licenses, '') end as licenses,
    mfa.mfa_status,
    activity.activity_status,
    activity.last_activity_date,
    case
        when mailbox_storage_bytes is not null or onedrive_storage_bytes is not null
            then coalesce(mailbox_storage_bytes, 0) + coalesce(onedrive_storage_bytes, 0)
    end as storage_used_bytes,
from users
left join licenses using (user_id)
left join mfa using (user_id)
left join activity using (user_id)
