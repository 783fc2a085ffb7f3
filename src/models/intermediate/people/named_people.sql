-- One row per record of registration details and reports that names someone without an id, where there is no users export at as_of.
-- materialize: at the latest date
with

names as (
    select
        source_file_id,
        user_principal_name,
        upn_key,
        display_name,
        user_type,
    from staging.user_registration_details
    where user_id is null
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.credential_user_registration_details
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.office365_active_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.mailbox_usage_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.onedrive_usage_account_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.email_activity_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key from staging.onedrive_activity_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key from staging.sharepoint_activity_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key from staging.teams_user_activity_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.yammer_activity_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key from staging.skype_for_business_activity_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key from staging.m365_app_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.copilot_usage_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key from staging.teams_device_usage_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.email_app_usage_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.yammer_device_usage_user_detail
    where not is_concealed and not is_deleted
)

select names.*
from names
join intermediate.current_named_files using (source_file_id)
where upn_key is not null
