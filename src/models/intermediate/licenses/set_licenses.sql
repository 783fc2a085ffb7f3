-- One row per set of licenses and SKU in it: the service plans that are switched off.
with

sets as (
    select
        license_set,
        any_value(assigned_licenses) as assigned_licenses,
    from intermediate.license_holdings
    group by all
),

entries as (
    select
        license_set,
        unnest(assigned_licenses) as license,
    from sets
)

select
    license_set,
    license.skuId::varchar as sku_id,
    -- Of a SKU that stands there twice a plan is off only where both say so.
    list_reduce(list(coalesce(license.disabledPlans::varchar[], [])), (one, other) -> list_intersect(one, other)) as disabled_plan_ids,
from entries
group by all
