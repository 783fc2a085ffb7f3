-- One row per row of a usage report with an open name, up to as_of: the workload dates and the storage that it shows. Rows of deleted accounts are left out.
with

united as (
    select
        source_file_id,
        user_principal_name,
        upn_key,
        is_concealed,
        is_deleted,
        exchange_last_activity_date,
        onedrive_last_activity_date,
        sharepoint_last_activity_date,
        teams_last_activity_date,
        yammer_last_activity_date,
        skype_last_activity_date,
    from staging.office365_active_user_detail
    union all by name
    select
        source_file_id,
        user_principal_name,
        upn_key,
        is_concealed,
        is_deleted,
        last_activity_date as exchange_last_activity_date,
        storage_used_bytes as mailbox_storage_bytes,
    from staging.mailbox_usage_detail
    union all by name
    select
        source_file_id,
        user_principal_name,
        upn_key,
        is_concealed,
        is_deleted,
        last_activity_date as onedrive_last_activity_date,
        storage_used_bytes as onedrive_storage_bytes,
    from staging.onedrive_usage_account_detail
    union all by name
    select
        source_file_id,
        user_principal_name,
        upn_key,
        is_concealed,
        is_deleted,
        last_activity_date as exchange_last_activity_date,
    from staging.email_activity_user_detail
    union all by name
    select
        source_file_id,
        user_principal_name,
        upn_key,
        is_concealed,
        is_deleted,
        last_activity_date as onedrive_last_activity_date,
    from staging.onedrive_activity_user_detail
    union all by name
    select
        source_file_id,
        user_principal_name,
        upn_key,
        is_concealed,
        is_deleted,
        last_activity_date as sharepoint_last_activity_date,
    from staging.sharepoint_activity_user_detail
    union all by name
    select
        source_file_id,
        user_principal_name,
        upn_key,
        is_concealed,
        is_deleted,
        last_activity_date as teams_last_activity_date,
    from staging.teams_user_activity_user_detail
    union all by name
    select
        source_file_id,
        user_principal_name,
        upn_key,
        is_concealed,
        is_deleted,
        last_activity_date as yammer_last_activity_date,
    from staging.yammer_activity_user_detail
    union all by name
    select
        source_file_id,
        user_principal_name,
        upn_key,
        is_concealed,
        is_deleted,
        last_activity_date as skype_last_activity_date,
    from staging.skype_for_business_activity_user_detail
)

select
    united.* exclude (is_concealed, is_deleted),
    files.dataset,
    files.snapshot_date,
    files.completeness,
from united
join intermediate.history_files as files using (source_file_id)
where not is_concealed
  and not is_deleted
