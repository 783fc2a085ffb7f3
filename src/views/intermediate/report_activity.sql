-- One row per report and the name in its rows: the workloads that the report covers and their last activity dates. Rows of deleted accounts stand apart.
with

-- A column that the export left out, or whose values were lost, covers nothing.
columns as (
    select coalesce(list(dataset || '.' || property), []) as exported
    from intermediate.property_coverage
    where records_present > 0
      and records_unselected = 0
      and records_lost = 0
),

-- The reports on one workload.
single as (
    select
        'mailbox_usage_detail' as dataset,
        source_file_id,
        record_number,
        report_refresh_date,
        null::varchar as user_id,
        user_principal_name,
        upn_key,
        display_name,
        is_concealed,
        is_deleted,
        last_activity_date,
        storage_used_bytes,
    from staging.mailbox_usage_detail
    union all
    select
        'onedrive_usage_account_detail' as dataset,
        source_file_id,
        record_number,
        report_refresh_date,
        null::varchar as user_id,
        user_principal_name,
        upn_key,
        display_name,
        is_concealed,
        is_deleted,
        last_activity_date,
        storage_used_bytes,
    from staging.onedrive_usage_account_detail
    union all
    select
        'email_activity_user_detail' as dataset,
        source_file_id,
        record_number,
        report_refresh_date,
        null::varchar as user_id,
        user_principal_name,
        upn_key,
        display_name,
        is_concealed,
        is_deleted,
        last_activity_date,
        null::bigint as storage_used_bytes,
    from staging.email_activity_user_detail
    union all
    select
        'onedrive_activity_user_detail' as dataset,
        source_file_id,
        record_number,
        report_refresh_date,
        null::varchar as user_id,
        user_principal_name,
        upn_key,
        null::varchar as display_name,
        is_concealed,
        is_deleted,
        last_activity_date,
        null::bigint as storage_used_bytes,
    from staging.onedrive_activity_user_detail
    union all
    select
        'sharepoint_activity_user_detail' as dataset,
        source_file_id,
        record_number,
        report_refresh_date,
        null::varchar as user_id,
        user_principal_name,
        upn_key,
        null::varchar as display_name,
        is_concealed,
        is_deleted,
        last_activity_date,
        null::bigint as storage_used_bytes,
    from staging.sharepoint_activity_user_detail
    union all
    select
        'teams_user_activity_user_detail' as dataset,
        source_file_id,
        record_number,
        report_refresh_date,
        user_id,
        user_principal_name,
        upn_key,
        null::varchar as display_name,
        is_concealed,
        is_deleted,
        last_activity_date,
        null::bigint as storage_used_bytes,
    from staging.teams_user_activity_user_detail
    union all
    select
        'yammer_activity_user_detail' as dataset,
        source_file_id,
        record_number,
        report_refresh_date,
        null::varchar as user_id,
        user_principal_name,
        upn_key,
        display_name,
        is_concealed,
        is_deleted,
        last_activity_date,
        null::bigint as storage_used_bytes,
    from staging.yammer_activity_user_detail
    union all
    select
        'skype_for_business_activity_user_detail' as dataset,
        source_file_id,
        record_number,
        report_refresh_date,
        null::varchar as user_id,
        user_principal_name,
        upn_key,
        null::varchar as display_name,
        is_concealed,
        is_deleted,
        last_activity_date,
        null::bigint as storage_used_bytes,
    from staging.skype_for_business_activity_user_detail
),

united as (
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
        exchange_license_assign_date,
        onedrive_license_assign_date,
        sharepoint_license_assign_date,
        teams_license_assign_date,
        yammer_license_assign_date,
        skype_license_assign_date,
    from staging.office365_active_user_detail
    union all by name
    select
        single.* exclude (last_activity_date, storage_used_bytes),
        case when dataset in ('mailbox_usage_detail', 'email_activity_user_detail') then last_activity_date end as exchange_last_activity_date,
        case when dataset in ('onedrive_usage_account_detail', 'onedrive_activity_user_detail') then last_activity_date end as onedrive_last_activity_date,
        case when dataset = 'sharepoint_activity_user_detail' then last_activity_date end as sharepoint_last_activity_date,
        case when dataset = 'teams_user_activity_user_detail' then last_activity_date end as teams_last_activity_date,
        case when dataset = 'yammer_activity_user_detail' then last_activity_date end as yammer_last_activity_date,
        case when dataset = 'skype_for_business_activity_user_detail' then last_activity_date end as skype_last_activity_date,
        case when dataset = 'mailbox_usage_detail' then storage_used_bytes end as mailbox_storage_bytes,
        case when dataset = 'onedrive_usage_account_detail' then storage_used_bytes end as onedrive_storage_bytes,
    from single
),

dated as (
    select
        united.*,
        columns.exported,
        list_contains(columns.exported, united.dataset || '.lastActivityDate') as is_dated,
    from united
    join intermediate.current_files as files using (source_file_id)
    cross join columns
)

select
    * exclude (exported, is_dated),
    list_contains(exported, dataset || '.exchangeLastActivityDate') or (is_dated and dataset in ('mailbox_usage_detail', 'email_activity_user_detail')) as covers_exchange,
    list_contains(exported, dataset || '.oneDriveLastActivityDate') or (is_dated and dataset in ('onedrive_usage_account_detail', 'onedrive_activity_user_detail')) as covers_onedrive,
    list_contains(exported, dataset || '.sharePointLastActivityDate') or (is_dated and dataset = 'sharepoint_activity_user_detail') as covers_sharepoint,
    list_contains(exported, dataset || '.teamsLastActivityDate') or (is_dated and dataset = 'teams_user_activity_user_detail') as covers_teams,
    list_contains(exported, dataset || '.yammerLastActivityDate') or (is_dated and dataset = 'yammer_activity_user_detail') as covers_yammer,
    list_contains(exported, dataset || '.skypeForBusinessLastActivityDate') or (is_dated and dataset = 'skype_for_business_activity_user_detail') as covers_skype,
from dated
