-- One row per user record and SKU assigned to it.
with

entries as (
    select
        source_file_id,
        macros.guid_key(id) as user_id,
        unnest(assignedLicenses) as license,
    from raw.users
)

select
    source_file_id,
    user_id,
    license.skuId::varchar as sku_id,
    license.disabledPlans::varchar[] as disabled_plan_ids,
from entries
