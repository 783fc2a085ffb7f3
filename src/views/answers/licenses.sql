-- One row per SKU, the most used first.
select
    coalesce(product_name, sku_part_number, sku_id) as "Licenses",
    enabled_units as "enabled",
    usable_units as "usable",
    consumed_units as "consumed",
    available_units as "available",
    account_disabled_users as "disabled",
    inactive_users as "inactive",
    no_activity_users as "no activity",
    reclaimable_units as "reclaimable",
from license_summary
order by consumed_units desc nulls last, 1
