-- One row per user record, SKU and path by which the SKU was assigned.
with

entries as (
    select
        source_file_id,
        macros.guid_key(id) as user_id,
        unnest(licenseAssignmentStates) as license,
    from raw.users
)

select
    source_file_id,
    user_id,
    license.skuId::varchar as sku_id,
    macros.guid_key(license.assignedByGroup) as assigned_by_group_id,
    license.state as assignment_state,
    nullif(license.error, 'None') as assignment_error,
from entries
