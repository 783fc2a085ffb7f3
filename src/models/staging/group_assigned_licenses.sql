-- One row per group record and SKU assigned to its members.
with

entries as (
    select
        source_file_id,
        lower(id) as group_id,
        unnest(assignedLicenses) as license,
    from raw.groups
)

select
    source_file_id,
    group_id,
    license.skuId::varchar as sku_id,
    license.disabledPlans::varchar[] as disabled_plan_ids,
from entries
