-- One row per site of a SharePoint site usage report.
select
    source_file_id,
    record_number,
    reportRefreshDate as report_refresh_date,
    macros.guid_key(siteId) as site_id,
    siteUrl as site_url,
    ownerDisplayName as owner_display_name,
    ownerPrincipalName as owner_principal_name,
    macros.name_key(ownerPrincipalName) as owner_upn_key,
    -- A site without an owner is still a site: then its address tells.
    coalesce(macros.is_concealed(case when macros.name_key(ownerPrincipalName) is null then siteUrl else ownerPrincipalName end), false) as is_concealed,
    coalesce(isDeleted, false) as is_deleted,
    nullif(lastActivityDate, date '0001-01-01') as last_activity_date,
    fileCount as file_count,
    activeFileCount as active_file_count,
    pageViewCount as page_view_count,
    visitedPageCount as visited_page_count,
    storageUsedInBytes as storage_used_bytes,
    storageAllocatedInBytes as storage_allocated_bytes,
    rootWebTemplate as root_web_template,
    reportPeriod as report_period,
from raw.sharepoint_site_usage_detail
