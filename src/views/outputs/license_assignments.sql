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
    facts.assigned_by_group_ids,
    facts.assignment_state,
    facts.assignment_error,
    facts.consumes_unit,
    null::date as assigned_at,
    facts.account_enabled,
    facts.activity_status,
    facts.last_activity_date,
    facts.reclaim_reason,
    null::varchar as reclaim_blocker,
from facts
join users using (user_id)
left join names using (sku_id)
