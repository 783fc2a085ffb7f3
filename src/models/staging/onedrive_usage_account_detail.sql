-- One row per account of a OneDrive usage report.
select
    source_file_id,
    record_number,
    reportRefreshDate as report_refresh_date,
    ownerPrincipalName as user_principal_name,
    macros.name_key(ownerPrincipalName) as upn_key,
    macros.names_nobody(ownerPrincipalName) as is_concealed,
    ownerDisplayName as display_name,
    coalesce(isDeleted, false) as is_deleted,
    nullif(lastActivityDate, date '0001-01-01') as last_activity_date,
    storageUsedInBytes as storage_used_bytes,
from raw.onedrive_usage_account_detail
