-- One row per mailbox of a mailbox usage report.
select
    source_file_id,
    record_number,
    reportRefreshDate as report_refresh_date,
    userPrincipalName as user_principal_name,
    macros.name_key(userPrincipalName) as upn_key,
    macros.names_nobody(userPrincipalName) as is_concealed,
    displayName as display_name,
    coalesce(isDeleted, false) as is_deleted,
    nullif(lastActivityDate, date '0001-01-01') as last_activity_date,
    storageUsedInBytes as storage_used_bytes,
    recipientType as recipient_type,
    hasArchive as has_archive,
from raw.mailbox_usage_detail
