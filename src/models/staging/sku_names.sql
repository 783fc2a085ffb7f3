-- One row per SKU and service plan of an imported list of names.
select
    source_file_id,
    record_number,
    skuId::varchar as sku_id,
    trim(replace(skuPartNumber, chr(160), ' ')) as sku_part_number,
    trim(replace(productName, chr(160), ' ')) as product_name,
    servicePlanId::varchar as service_plan_id,
    trim(servicePlanName) as service_plan_name,
from raw.sku_names
