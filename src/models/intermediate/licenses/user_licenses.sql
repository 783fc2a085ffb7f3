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
        array_to_string(list_sort(list(coalesce(names.product_name, licenses.sku_id, 'Unknown'))), '; ') as licenses,
    from licenses
    left join names using (sku_id)
    group by all
),

part_numbers as (
    select lower(sku_part_number) as part_number, min(product_name) as product_name
    from intermediate.sku_product_names
    where sku_part_number is not null
    group by all
),

-- A list of the admin center says the names itself, one that a script wrote the part numbers.
named as (
    select user_id, unnest(license_names) as license_name
    from intermediate.current_users
    where not has_assigned_licenses
),

listed as (
    select
        named.user_id,
        array_to_string(list_sort(list(coalesce(part_numbers.product_name, named.license_name))), '; ') as licenses,
    from named
    left join part_numbers on part_numbers.part_number = lower(named.license_name)
    group by all
)

select
    user_id,
    coalesce(by_sku.licenses, listed.licenses) as licenses,
from by_sku
full join listed using (user_id)
