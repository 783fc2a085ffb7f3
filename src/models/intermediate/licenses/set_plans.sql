-- One row per set of licenses, SKU in it and service plan of that SKU: what the plan is for, whether it is switched off, and whether this SKU alone of the set brings it.
with

licenses as (
    select * from intermediate.set_licenses
),

held_plans as (
    select
        licenses.license_set,
        plans.*,
        coalesce(list_contains(licenses.disabled_plan_ids, plans.service_plan_id), false) as is_disabled,
        coalesce(units.is_expired, false) as is_expired,
    from licenses
    join intermediate.sku_plans as plans using (sku_id)
    left join intermediate.sku_units as units using (sku_id)
)

select
    * exclude (is_expired),
    not is_disabled and count(*) filter (not is_disabled) over (partition by license_set, service_plan_id) = 1 as is_alone,
    -- What has expired brings nothing any more.
    not is_disabled
    and count(*) filter (not is_disabled and not is_expired) over (partition by license_set, coalesce(service_plan_id, service_plan_name)) = case when is_expired then 0 else 1 end as is_own,
    -- EXCHANGE_S_FOUNDATION is in most SKUs and gives nothing of its own.
    service_plan_id is not distinct from '113feb6c-3fe4-4440-bddc-54d774bf0318' as is_foundation,
from held_plans
