-- One row per subscribed SKU object.
select
    source_file_id,
    record_number,
    id as subscribed_sku_id,
    -- Without it the id of the object tells: <accountId>_<skuId>.
    coalesce(macros.guid_key(accountId), try_cast(split_part(id, '_', 1) as uuid)::varchar) as account_id,
    skuId::varchar as sku_id,
    skuPartNumber as sku_part_number,
    appliesTo as applies_to,
    capabilityStatus as capability_status,
    prepaidUnits.enabled as enabled_units,
    prepaidUnits.warning as warning_units,
    prepaidUnits.suspended as suspended_units,
    prepaidUnits.lockedOut as locked_out_units,
    consumedUnits as consumed_units,
from raw.subscribed_skus
