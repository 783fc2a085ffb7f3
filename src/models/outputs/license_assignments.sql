-- One row per user and SKU: how the license came to the user, whether it consumes a unit, whether it is used, and why it could be reclaimed.
with

facts as (
    select * from intermediate.license_facts
),

users as (
    select user_id, user_principal_name, display_name from intermediate.current_users
),

names as (
    select * from intermediate.sku_product_names
)

select
    facts.user_id,
    users.user_principal_name,
    users.display_name,
    facts.sku_id,
    names.sku_part_number,
    names.product_name,
    facts.assignment_path,
    groups.assigned_by_group_ids,
    facts.assignment_state,
    groups.assignment_error,
    facts.consumes_unit,
    facts.assigned_at,
    facts.account_enabled,
    facts.activity_status,
    facts.last_activity_date,
    facts.reclaim_reason,
    case
        when facts.reclaim_reason is not null then nullif(concat_ws('; ',
            facts.hard_blocker,
            case facts.assignment_path when 'Direct and group' then 'Assigned by group too: remove the member and the license (' else 'Assigned by group: remove the member, not the license (' end || groups.working_group_names || ')',
            facts.caveats
        ), '')
    end as reclaim_blocker,
    facts.disabled_plans,
    facts.assigned_at_source,
    facts.sku_activity_status,
    facts.sku_last_activity_date,
    coalesce(duplicates.product_name, facts.duplicate_of_sku_id) as duplicate_of,
    case when facts.reclaim_reason is not null then facts.hard_blocker is null end as is_reclaimable,
    facts.needs_review,
    costs.unit_price,
    costs.currency,
    -- What has expired is not paid for as before, and what takes no unit not at all.
    case when facts.consumes_unit and not coalesce(units.is_expired, false) then round(costs.unit_price / costs.months, 2)::decimal(18, 2) end as monthly_cost,
from facts
join users using (user_id)
left join names using (sku_id)
left join intermediate.license_groups as groups
  on groups.holding = facts.holding
 and groups.sku_id = facts.sku_id
left join names as duplicates
  on duplicates.sku_id = facts.duplicate_of_sku_id
left join intermediate.sku_units as units
  on units.sku_id = facts.sku_id
left join intermediate.sku_costs as costs
  on costs.sku_id = facts.sku_id
 and costs.is_newest
