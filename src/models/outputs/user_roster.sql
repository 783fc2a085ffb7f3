-- One row per user of the current users export, as systems for software assets take it: identifiers, licenses, MFA, activity and storage.
with

-- A user without any has an empty list, one whose licenses are unknown, or known by name alone, has none.
part_numbers as (
    select
        paths.user_id,
        array_to_string(list_sort(list(distinct coalesce(names.sku_part_number, paths.sku_id, 'Unknown'))), ';') as sku_part_numbers,
    from intermediate.license_paths as paths
    left join intermediate.sku_product_names as names using (sku_id)
    where paths.consumes_unit
    group by all
),

activity as (
    select
        user_id,
        greatest(last_any_sign_in_at, last_log_sign_in_at) as last_sign_in_at,
        mailbox_storage_bytes,
        onedrive_storage_bytes,
    from intermediate.person_activity
),

devices as (
    select user_id, device_usage from main.device_usage where user_id is not null
)

select
    users.user_id,
    users.mail,
    users.user_principal_name,
    users.given_name,
    users.surname,
    users.display_name,
    users.account_enabled,
    users.user_type,
    users.created_at,
    users.country,
    users.department,
    case when current_users.has_assigned_licenses then coalesce(part_numbers.sku_part_numbers, '') end as sku_part_numbers,
    users.licenses as product_names,
    users.mfa_status,
    users.activity_status,
    users.last_activity_date,
    activity.last_sign_in_at,
    activity.mailbox_storage_bytes,
    activity.onedrive_storage_bytes,
    devices.device_usage,
from main.users
left join intermediate.current_users as current_users using (user_id)
left join part_numbers using (user_id)
left join activity using (user_id)
left join devices using (user_id)
