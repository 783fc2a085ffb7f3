-- One row per user of the current users export: whether the user is licensed and with which products.
with

coverage as (
    select coalesce(max(records_present), 0) > 0 as has_licenses
    from intermediate.property_coverage
    where dataset = 'users'
      and property = 'assignedLicenses'
),

users as (
    select user_id, has_assigned_licenses from intermediate.current_users
),

licenses as (
    select user_id, sku_id from intermediate.license_facts where consumes_unit
),

names as (
    select * from intermediate.sku_product_names
),

listed as (
    select
        user_id,
        string_agg(coalesce(product_name, sku_id), '; ' order by coalesce(product_name, sku_id)) as licenses,
    from licenses
    left join names using (sku_id)
    group by all
)

select
    users.user_id,
    case when has_licenses and has_assigned_licenses then listed.user_id is not null end as is_licensed,
    case when has_licenses and has_assigned_licenses then coalesce(listed.licenses, '') end as licenses,
from users
left join listed using (user_id)
cross join coverage
