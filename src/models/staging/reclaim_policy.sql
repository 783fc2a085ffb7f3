-- One row per rule of a reclaim policy.
select
    source_file_id,
    record_number,
    -- A rule names the SKU by its GUID or by its part number.
    case when regexp_matches(trim(sku), '^[0-9A-Fa-f]{8}-') then lower(trim(sku)) end as sku_id,
    case when not regexp_matches(trim(sku), '^[0-9A-Fa-f]{8}-') then upper(trim(sku)) end as sku_part_number,
    lower(case when contains(userPrincipalName, ' ') or strlen(userPrincipalName) > length(userPrincipalName) then trim(userPrincipalName) else userPrincipalName end) as upn_key,
    lower(trim(userPattern)) as user_pattern,
    afterDays as after_days,
    coalesce(isExcluded, false) as is_excluded,
    reason,
from raw.reclaim_policy
