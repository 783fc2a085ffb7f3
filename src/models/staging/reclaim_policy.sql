-- One row per rule of a reclaim policy.
select
    source_file_id,
    record_number,
    -- A rule names the SKU by its GUID or by its part number.
    try_cast(trim(sku) as uuid)::varchar as sku_id,
    case when try_cast(trim(sku) as uuid) is null then upper(trim(sku)) end as sku_part_number,
    macros.name_key(userPrincipalName) as upn_key,
    macros.name_key(userPattern) as user_pattern,
    afterDays as after_days,
    coalesce(isExcluded, false) as is_excluded,
    reason,
from raw.reclaim_policy
