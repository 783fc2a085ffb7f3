-- One row per SKU that users hold although the current subscribed SKUs do not have it.
with

supplied as (
    select is_supplied from intermediate.dataset_coverage where dataset = 'subscribed_skus'
),

held as (
    select sku_id, count(*) as users
    from intermediate.license_paths
    where consumes_unit
    group by all
),

names as (
    select sku_id, product_name from intermediate.sku_product_names
)

select
    'warning' as severity,
    'sku_not_subscribed' as finding,
    'subscribed_skus' as dataset,
    held.users as affected_records,
    coalesce(names.product_name, held.sku_id) || ' is assigned to users but is no subscribed SKU, so its units and its service plans are unknown' as detail,
    'Export the subscribed SKUs and the users on the same day, without a filter.' as remedy,
from held
anti join intermediate.current_subscribed_skus as subscribed using (sku_id)
left join names using (sku_id)
cross join supplied
where supplied.is_supplied
