-- One row per SKU whose consumed units differ from the users counted.
with

units as (
    select sku_id, sum(consumed_units)::bigint as consumed_units
    from intermediate.current_subscribed_skus
    where applies_to is distinct from 'Company'
    group by all
),

users as (
    select sku_id, count(*) as assigned_users
    from intermediate.license_paths
    where consumes_unit
    group by all
),

supplied as (
    select coalesce(max(records_present), 0) > 0 and coalesce(max(records_lost), 0) = 0 as has_licenses
    from intermediate.property_coverage
    where dataset = 'users'
      and property = 'assignedLicenses'
),

names as (
    select * from intermediate.sku_product_names
)

select
    'warning' as severity,
    'consumed_units_differ' as finding,
    'subscribed_skus' as dataset,
    abs(consumed_units - coalesce(assigned_users, 0)) as affected_records,
    coalesce(names.sku_part_number, sku_id) || ': units consumed ' || consumed_units || ', users counted ' || coalesce(assigned_users, 0) as detail,
    'Export both on the same day and follow every page of users; deleted users can hold units for 30 days.' as remedy,
from units
left join users using (sku_id)
left join names using (sku_id)
cross join supplied
where has_licenses
  and consumed_units <> coalesce(assigned_users, 0)
  -- What is not in an export that is cut says nothing of those who are missing in it.
  and coalesce((select not is_incomplete from intermediate.dataset_coverage where dataset = 'users'), true)
