-- One row per SKU that no list of names knows.
select
    'info' as severity,
    'sku_without_name' as finding,
    'subscribed_skus' as dataset,
    1 as affected_records,
    coalesce(sku_part_number, sku_id) || ' has no product name in the lists' as detail,
    'Import the newer list from Microsoft Learn, "Product names and service plan identifiers for licensing".' as remedy,
from intermediate.sku_product_names
where not is_named
