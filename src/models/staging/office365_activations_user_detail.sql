-- One row per user and product of a Microsoft 365 activations report; one without product for a user who activated none.
with

-- JSON nests the products that CSV writes on rows of their own.
flat as (
    select * exclude (userActivationCounts) from raw.office365_activations_user_detail
    where coalesce(len(userActivationCounts), 0) = 0
),

nested as (
    select
        source_file_id,
        record_number,
        reportRefreshDate,
        userPrincipalName,
        displayName,
        unnest(userActivationCounts, recursive := true),
    from raw.office365_activations_user_detail
    where len(userActivationCounts) > 0
),

entries as (
    select * from flat
    union all by name
    select * from nested
)

select
    source_file_id,
    record_number,
    reportRefreshDate as report_refresh_date,
    userPrincipalName as user_principal_name,
    macros.name_key(userPrincipalName) as upn_key,
    macros.names_nobody(userPrincipalName) as is_concealed,
    displayName as display_name,
    productType as product_type,
    nullif(lastActivatedDate, date '0001-01-01') as last_activated_date,
    windows as windows_activations,
    mac as mac_activations,
    windows10Mobile as windows_10_mobile_activations,
    ios as ios_activations,
    android as android_activations,
    activatedOnSharedComputer as is_on_shared_computer,
from entries
