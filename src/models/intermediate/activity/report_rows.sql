-- One row per row of a usage report that proves activity, of whatever day: the name in it, its last activity dates, whether it says that there is a license, and storage.
select
    'office365_active_user_detail' as dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_principal_name,
    upn_key,
    display_name,
    is_concealed,
    is_deleted,
    exchange_last_activity_date,
    onedrive_last_activity_date,
    sharepoint_last_activity_date,
    teams_last_activity_date,
    yammer_last_activity_date,
    skype_last_activity_date,
    has_exchange_license,
    has_onedrive_license,
    has_sharepoint_license,
    has_teams_license,
    has_yammer_license,
    exchange_license_assign_date,
    onedrive_license_assign_date,
    sharepoint_license_assign_date,
    teams_license_assign_date,
    yammer_license_assign_date,
    skype_license_assign_date,
from staging.office365_active_user_detail
union all by name
select
    'mailbox_usage_detail' as dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_principal_name,
    upn_key,
    display_name,
    is_concealed,
    is_deleted,
    last_activity_date as exchange_last_activity_date,
    storage_used_bytes as mailbox_storage_bytes,
from staging.mailbox_usage_detail
union all by name
select
    'onedrive_usage_account_detail' as dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_principal_name,
    upn_key,
    display_name,
    is_concealed,
    is_deleted,
    last_activity_date as onedrive_last_activity_date,
    storage_used_bytes as onedrive_storage_bytes,
from staging.onedrive_usage_account_detail
union all by name
select
    'email_activity_user_detail' as dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_principal_name,
    upn_key,
    display_name,
    is_concealed,
    is_deleted,
    last_activity_date as exchange_last_activity_date,
from staging.email_activity_user_detail
union all by name
select
    'onedrive_activity_user_detail' as dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_principal_name,
    upn_key,
    is_concealed,
    is_deleted,
    last_activity_date as onedrive_last_activity_date,
from staging.onedrive_activity_user_detail
union all by name
select
    'sharepoint_activity_user_detail' as dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_principal_name,
    upn_key,
    is_concealed,
    is_deleted,
    last_activity_date as sharepoint_last_activity_date,
from staging.sharepoint_activity_user_detail
union all by name
select
    'teams_user_activity_user_detail' as dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_id,
    user_principal_name,
    upn_key,
    is_concealed,
    is_deleted,
    last_activity_date as teams_last_activity_date,
    is_licensed as has_teams_license,
from staging.teams_user_activity_user_detail
union all by name
select
    'yammer_activity_user_detail' as dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_principal_name,
    upn_key,
    display_name,
    is_concealed,
    is_deleted,
    last_activity_date as yammer_last_activity_date,
from staging.yammer_activity_user_detail
union all by name
select
    'skype_for_business_activity_user_detail' as dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_principal_name,
    upn_key,
    is_concealed,
    is_deleted,
    last_activity_date as skype_last_activity_date,
from staging.skype_for_business_activity_user_detail
union all by name
-- One record may have a row for each of several periods.
select distinct
    'm365_app_user_detail' as dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_principal_name,
    upn_key,
    is_concealed,
    is_deleted,
    last_activity_date as apps_last_activity_date,
from staging.m365_app_user_detail
union all by name
select
    'copilot_usage_user_detail' as dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_principal_name,
    upn_key,
    display_name,
    is_concealed,
    is_deleted,
    greatest(
        last_activity_date,
        chat_last_activity_date,
        teams_last_activity_date,
        word_last_activity_date,
        excel_last_activity_date,
        powerpoint_last_activity_date,
        outlook_last_activity_date,
        onenote_last_activity_date,
        loop_last_activity_date
    ) as copilot_last_activity_date,
from staging.copilot_usage_user_detail
union all by name
select
    'teams_device_usage_user_detail' as dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_id,
    user_principal_name,
    upn_key,
    is_concealed,
    is_deleted,
    last_activity_date as teams_device_last_activity_date,
from staging.teams_device_usage_user_detail
union all by name
select
    'email_app_usage_user_detail' as dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_principal_name,
    upn_key,
    display_name,
    is_concealed,
    is_deleted,
    last_activity_date as email_app_last_activity_date,
from staging.email_app_usage_user_detail
union all by name
select
    'yammer_device_usage_user_detail' as dataset,
    source_file_id,
    record_number,
    report_refresh_date,
    user_principal_name,
    upn_key,
    display_name,
    is_concealed,
    is_deleted,
    last_activity_date as yammer_device_last_activity_date,
from staging.yammer_device_usage_user_detail
