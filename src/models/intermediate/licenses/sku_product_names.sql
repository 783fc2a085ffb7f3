-- One row per SKU with its part number and product name: an imported list first, then the list shipped with the tool, then the part number itself.
with

files as (
    select source_file_id from intermediate.current_files where dataset = 'sku_names'
),

imported as (
    select
        sku_id,
        max_by(sku_part_number, record_number) as sku_part_number,
        max_by(product_name, record_number) as product_name,
    from staging.sku_names
    join files using (source_file_id)
    group by all
),

shipped as (
    select * from staging.reference_sku_names
),

subscribed as (
    select sku_id, max(sku_part_number) as sku_part_number
    from intermediate.current_subscribed_skus
    group by all
)

select
    sku_id,
    coalesce(subscribed.sku_part_number, imported.sku_part_number, shipped.sku_part_number) as sku_part_number,
    coalesce(imported.product_name, shipped.product_name, subscribed.sku_part_number) as product_name,
    imported.product_name is not null or shipped.product_name is not null as is_named,
from imported
full join shipped using (sku_id)
full join subscribed using (sku_id)
