-- One row per user record and SKU assigned to it.
select
    source_file_id,
    lower(id) as user_id,
    license.skuId::varchar as sku_id,
    license.disabledPlans::varchar[] as disabled_plan_ids,
from raw.users, unnest(assignedLicenses) as entry (license)
