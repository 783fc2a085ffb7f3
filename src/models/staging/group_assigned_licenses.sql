-- One row per group record and SKU assigned to its members.
with

entries as (
    select
        source_file_id,
        macros.guid_key(id) as group_id,
        unnest(assignedLicenses) as license,
    from raw.groups
    where nullif(deletedDateTime, timestamp '0001-01-01') is null
)

select
    source_file_id,
    group_id,
    license.skuId::varchar as sku_id,
    license.disabledPlans::varchar[] as disabled_plan_ids,
from entries
