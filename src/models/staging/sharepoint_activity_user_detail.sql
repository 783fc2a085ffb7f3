-- One row per user of a SharePoint activity report.
select
    source_file_id,
    record_number,
    reportRefreshDate as report_refresh_date,
    userPrincipalName as user_principal_name,
    macros.name_key(userPrincipalName) as upn_key,
    macros.names_nobody(userPrincipalName) as is_concealed,
    coalesce(isDeleted, false) as is_deleted,
    nullif(deletedDate, date '0001-01-01') as deleted_date,
    nullif(lastActivityDate, date '0001-01-01') as last_activity_date,
    viewedOrEditedFileCount as viewed_or_edited_file_count,
    syncedFileCount as synced_file_count,
    sharedInternallyFileCount as shared_internally_file_count,
    sharedExternallyFileCount as shared_externally_file_count,
    visitedPageCount as visited_page_count,
    assignedProducts as assigned_products,
    reportPeriod as report_period,
from raw.sharepoint_activity_user_detail
