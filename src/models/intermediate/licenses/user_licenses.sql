-- One row per user with licenses: the names of the products, in alphabetical order.
with

licenses as (
    select user_id, sku_id from intermediate.license_paths where consumes_unit
),

names as (
    select sku_id, product_name from intermediate.sku_product_names
),

by_sku as (
    select
        licenses.user_id,
        array_to_string(list_sort(list(coalesce(names.product_name, licenses.sku_id))), '; ') as licenses,
    from licenses
    left join names using (sku_id)
    group by all
),

-- A list of the admin center says the names itself.
listed as (
    select
        user_id,
        array_to_string(list_sort(license_names), '; ') as licenses,
    from intermediate.current_users
    where not has_assigned_licenses
      and len(license_names) > 0
)

select
    user_id,
    coalesce(by_sku.licenses, listed.licenses) as licenses,
from by_sku
full join listed using (user_id)
