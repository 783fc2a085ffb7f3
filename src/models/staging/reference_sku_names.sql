-- One row per SKU of the list of names that ships with the tool.
select
    skuId::varchar as sku_id,
    skuPartNumber as sku_part_number,
    productName as product_name,
from reference.sku_names
