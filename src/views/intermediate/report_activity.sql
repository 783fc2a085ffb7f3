-- One row per report and the name in its rows: the workloads that the report covers and their last activity dates. Rows of deleted accounts stand apart.
with

-- A column that the export left out covers nothing.
covered as (
    select
        coalesce(bool_or(property = 'exchangeLastActivityDate'), false) as covers_exchange,
        coalesce(bool_or(property = 'oneDriveLastActivityDate'), false) as covers_onedrive,
        coalesce(bool_or(property = 'sharePointLastActivityDate'), false) as covers_sharepoint,
        coalesce(bool_or(property = 'teamsLastActivityDate'), false) as covers_teams,
        coalesce(bool_or(property = 'yammerLastActivityDate'), false) as covers_yammer,
        coalesce(bool_or(property = 'skypeForBusinessLastActivityDate'), false) as covers_skype,
        coalesce(bool_or(dataset = 'mailbox_usage_detail' and property = 'lastActivityDate'), false) as covers_mailbox,
        coalesce(bool_or(dataset = 'onedrive_usage_account_detail' and property = 'lastActivityDate'), false) as covers_account,
    from intermediate.property_coverage
    where dataset in ('office365_active_user_detail', 'mailbox_usage_detail', 'onedrive_usage_account_detail')
      and records_present > 0
      and records_unselected = 0
),

report_rows as (
    select
        'office365_active_user_detail' as dataset,
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
        covered.* exclude (covers_mailbox, covers_account),
    from intermediate.current_office365_active_user_detail
    cross join covered
    union all by name
    select
        'mailbox_usage_detail' as dataset,
        report_refresh_date,
        user_principal_name,
        upn_key,
        display_name,
        is_concealed,
        is_deleted,
        last_activity_date as exchange_last_activity_date,
        storage_used_bytes as mailbox_storage_bytes,
        covered.covers_mailbox as covers_exchange,
    from intermediate.current_mailbox_usage_detail
    cross join covered
    union all by name
    select
        'onedrive_usage_account_detail' as dataset,
        report_refresh_date,
        user_principal_name,
        upn_key,
        display_name,
        is_concealed,
        is_deleted,
        last_activity_date as onedrive_last_activity_date,
        storage_used_bytes as onedrive_storage_bytes,
        covered.covers_account as covers_onedrive,
    from intermediate.current_onedrive_usage_account_detail
    cross join covered
)

select * from report_rows
