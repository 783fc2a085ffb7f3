-- One row per user of a Microsoft 365 active users report.
select
    source_file_id,
    record_number,
    reportRefreshDate as report_refresh_date,
    userPrincipalName as user_principal_name,
    lower(trim(userPrincipalName)) as upn_key,
    regexp_matches(userPrincipalName, '^[0-9A-F]{32}$') as is_concealed,
    displayName as display_name,
    coalesce(isDeleted, false) as is_deleted,
    exchangeLastActivityDate as exchange_last_activity_date,
    oneDriveLastActivityDate as onedrive_last_activity_date,
    sharePointLastActivityDate as sharepoint_last_activity_date,
    teamsLastActivityDate as teams_last_activity_date,
    yammerLastActivityDate as yammer_last_activity_date,
    skypeForBusinessLastActivityDate as skype_last_activity_date,
from raw.office365_active_user_detail
