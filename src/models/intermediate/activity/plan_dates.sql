-- One row per user and SKU with service plans that it alone brings: the newest day on which one of them was assigned; of a user with plans that do not say which they are one row without a SKU alone.
-- materialize: at the latest date
with

-- A plan that one SKU alone brings tells when that SKU came. As a map: joined to the plans of users the engine begins with every set that has a plan.
alone as (
    select
        license_set,
        map(list(service_plan_id), list(sku_id)) as skus,
    from intermediate.set_plans
    where is_alone
      and not is_foundation
      and service_plan_id is not null
    group by all
),

dated as (
    select
        users.user_id,
        alone.skus[assigned.service_plan_id] as sku_id,
        assigned.service_plan_id is null as is_unnamed,
        assigned.assigned_at,
    from staging.user_assigned_plans as assigned
    join intermediate.user_holdings as users using (source_file_id, record_number)
    join alone using (license_set)
    where assigned.capability_status is distinct from 'Deleted'
)

select
    user_id,
    sku_id,
    max(assigned_at)::date as plan_date,
from dated
where sku_id is not null
   or is_unnamed
group by user_id, sku_id
-- A plan that does not say which it is may have come with any of them, later than the rest.
qualify sku_id is null
     or not bool_or(sku_id is null) over (partition by user_id)
