-- One row per user with licenses: the names of the products, in alphabetical order.
with

licenses as (
    select user_id, sku_id from intermediate.license_paths where consumes_unit
),

names as (
    select sku_id, product_name from intermediate.sku_product_names
)

select
    licenses.user_id,
    string_agg(coalesce(names.product_name, licenses.sku_id), '; ' order by coalesce(names.product_name, licenses.sku_id)) as licenses,
from licenses
left join names using (sku_id)
group by all
