-- One row per holding of licenses, SKU and path by which the SKU was assigned, as often as the list of paths has it.
with

paths as (
    select
        holding,
        unnest(license_states) as path,
    from intermediate.license_holdings
)

select
    holding,
    path.skuId::varchar as sku_id,
    macros.guid_key(path.assignedByGroup) as assigned_by_group_id,
    path.state as assignment_state,
    nullif(path.error, 'None') as assignment_error,
    path.state in ('Active', 'ActiveWithError') as is_working,
from paths
