-- One row per subscription of the tenant.
select
    source_file_id,
    record_number,
    id as subscription_id,
    commerceSubscriptionId as commerce_subscription_id,
    skuId::varchar as sku_id,
    skuPartNumber as sku_part_number,
    status as subscription_status,
    isTrial as is_trial,
    totalLicenses as total_units,
    nullif(createdDateTime, timestamp '0001-01-01') as created_at,
    nullif(nextLifecycleDateTime, timestamp '0001-01-01') as next_lifecycle_at,
    macros.guid_key(ownerId) as owner_id,
    macros.guid_key(ownerTenantId) as owner_tenant_id,
    ownerType as owner_type,
from raw.directory_subscriptions
