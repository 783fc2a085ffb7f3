-- One row per user and SKU that is there twice: another SKU of the user includes it, or it is assigned directly and by a group.
with

paths as (
    select * from intermediate.license_paths where consumes_unit
),

users as (
    select user_id, user_principal_name, display_name, account_enabled from intermediate.current_users
),

names as (
    select * from intermediate.sku_product_names
),

found as (
    select
        user_id,
        sku_id,
        'Duplicate product' as overlap_kind,
        duplicate_of_sku_id as containing_sku_id,
        duplicate_by as overlap_by,
    from intermediate.license_plans
    where duplicate_of_sku_id is not null
    union all by name
    select
        user_id,
        sku_id,
        'Direct and group' as overlap_kind,
        sku_id as containing_sku_id,
        'Assignment path' as overlap_by,
    from paths
    where assignment_path = 'Direct and group'
)

select
    found.user_id,
    users.user_principal_name,
    users.display_name,
    users.account_enabled,
    found.overlap_kind,
    found.sku_id,
    names.sku_part_number,
    names.product_name,
    found.containing_sku_id,
    containing.sku_part_number as containing_part_number,
    containing.product_name as containing_product_name,
    found.overlap_by,
    paths.assignment_path,
    groups.working_group_names as assigned_by_groups,
    -- A second path to the same SKU takes no second unit.
    found.overlap_kind = 'Duplicate product' as takes_unit,
from found
join paths using (user_id, sku_id)
join users using (user_id)
left join intermediate.license_groups as groups
  on groups.holding = paths.holding
 and groups.sku_id = paths.sku_id
left join names using (sku_id)
left join names as containing
  on containing.sku_id = found.containing_sku_id
