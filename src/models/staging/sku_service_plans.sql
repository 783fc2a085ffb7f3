-- One row per subscribed SKU object and service plan in it.
with

entries as (
    select
        source_file_id,
        skuId::varchar as sku_id,
        skuPartNumber as sku_part_number,
        unnest(servicePlans) as plan,
    from raw.subscribed_skus
)

select
    source_file_id,
    sku_id,
    sku_part_number,
    plan.servicePlanId::varchar as service_plan_id,
    upper(plan.servicePlanName) as service_plan_name,
    plan.provisioningStatus as provisioning_status,
    plan.appliesTo as applies_to,
from entries
