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
        coalesce(list(dataset) filter (property = 'lastActivityDate'), []) as dated_datasets,
    from intermediate.property_coverage
    where dataset in (select dataset from intermediate.activity_reports)
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
        covered.* exclude (dated_datasets),
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
        list_contains(dated_datasets, 'mailbox_usage_detail') as covers_exchange,
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
        list_contains(dated_datasets, 'onedrive_usage_account_detail') as covers_onedrive,
    from intermediate.current_onedrive_usage_account_detail
    cross join covered
    union all by name
    select
        'email_activity_user_detail' as dataset,
        report_refresh_date,
        user_principal_name,
        upn_key,
        display_name,
        is_concealed,
        is_deleted,
        last_activity_date as exchange_last_activity_date,
        list_contains(dated_datasets, 'email_activity_user_detail') as covers_exchange,
    from intermediate.current_email_activity_user_detail
    cross join covered
    union all by name
    select
        'onedrive_activity_user_detail' as dataset,
        report_refresh_date,
        user_principal_name,
        upn_key,
        is_concealed,
        is_deleted,
        last_activity_date as onedrive_last_activity_date,
        list_contains(dated_datasets, 'onedrive_activity_user_detail') as covers_onedrive,
    from intermediate.current_onedrive_activity_user_detail
    cross join covered
    union all by name
    select
        'sharepoint_activity_user_detail' as dataset,
        report_refresh_date,
        user_principal_name,
        upn_key,
        is_concealed,
        is_deleted,
        last_activity_date as sharepoint_last_activity_date,
        list_contains(dated_datasets, 'sharepoint_activity_user_detail') as covers_sharepoint,
    from intermediate.current_sharepoint_activity_user_detail
    cross join covered
    union all by name
    select
        'teams_user_activity_user_detail' as dataset,
        report_refresh_date,
        user_principal_name,
        upn_key,
        is_concealed,
        is_deleted,
        last_activity_date as teams_last_activity_date,
        list_contains(dated_datasets, 'teams_user_activity_user_detail') as covers_teams,
    from intermediate.current_teams_user_activity_user_detail
    cross join covered
    union all by name
    select
        'yammer_activity_user_detail' as dataset,
        report_refresh_date,
        user_principal_name,
        upn_key,
        display_name,
        is_concealed,
        is_deleted,
        last_activity_date as yammer_last_activity_date,
        list_contains(dated_datasets, 'yammer_activity_user_detail') as covers_yammer,
    from intermediate.current_yammer_activity_user_detail
    cross join covered
    union all by name
    select
        'skype_for_business_activity_user_detail' as dataset,
        report_refresh_date,
        user_principal_name,
        upn_key,
        is_concealed,
        is_deleted,
        last_activity_date as skype_last_activity_date,
        list_contains(dated_datasets, 'skype_for_business_activity_user_detail') as covers_skype,
    from intermediate.current_skype_for_business_activity_user_detail
    cross join covered
)

select * from report_rows
