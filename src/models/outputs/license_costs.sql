-- One row per SKU, department, country and currency, and one for what of the SKU stands beside the users: units, their monthly cost, and what of it could be reclaimed.
with

units as (
    select * from intermediate.sku_units
),

names as (
    select
        names.sku_id,
        names.sku_part_number,
        names.product_name,
        coalesce(classes.sku_class in ('Free', 'Trial'), false) as is_free,
    from intermediate.sku_product_names as names
    left join intermediate.sku_classes as classes using (sku_id)
),

users as (
    select
        user_id,
        any_value(nullif(trim(department), '')) as department,
        any_value(nullif(trim(country), '')) as country,
    from intermediate.current_users
    group by all
),

export as (
    select coalesce(is_incomplete, true) or coalesce(records_rejected, 0) > 0 as is_cut
    from intermediate.dataset_coverage
    where dataset = 'users'
),

assigned as (
    select
        'Assigned' as row_kind,
        facts.sku_id,
        users.department,
        users.country,
        count(*) as units,
        count(*) filter (reclaim_reason is not null and hard_blocker is null) as reclaimable,
        count(*) filter (reclaim_reason is null and is_reclaim_unknown) as unknown,
    from intermediate.license_facts as facts
    join users using (user_id)
    where consumes_unit
    group by all
),

-- With these rows the units of a SKU come to those that may be used.
counted as (
    select
        units.*,
        -- An entry that does not say its SKU may be one of any.
        case when not exists (from assigned where sku_id is null) then coalesce(sum(assigned.units), 0)::bigint end as users,
    from units
    left join assigned using (sku_id)
    group by all
),

beside as (
    select 'Difference to users' as row_kind, sku_id, consumed_units - users as units
    from counted
    where not is_company
    union all
    select
        case when is_expired then 'Expired' when usable_units < consumed_units then 'Over-assigned' else 'Unassigned' end,
        sku_id,
        usable_units - consumed_units,
    from counted
    where not is_company
    union all
    select 'Company', sku_id, usable_units
    from counted
    where is_company
),

lines as (
    select * from assigned
    union all by name
    select * from beside
    where units is distinct from 0
),

prices as (
    select * from intermediate.sku_costs
),

priced as (
    select
        lines.*,
        names.sku_part_number,
        names.product_name,
        prices.unit_price,
        prices.billing_period,
        prices.currency,
        prices.valid_from,
        -- What has expired is not paid for as before; nobody knows what still is.
        case
            when coalesce(units.is_expired, false) then null
            else prices.months
        end as months,
        -- Where some are unknown, or missing, a count above zero is a lower bound, and zero says nothing.
        case when row_kind <> 'Assigned' then null when unknown > 0 or export.is_cut then nullif(reclaimable, 0) else reclaimable end as reclaimable_units,
    from lines
    left join names using (sku_id)
    left join units using (sku_id)
    left join prices using (sku_id)
    cross join export
    where prices.unit_price is not null
       or not coalesce(names.is_free, false)
)

select
    sku_id,
    sku_part_number,
    product_name,
    row_kind,
    department,
    country,
    units,
    unit_price,
    billing_period,
    currency,
    valid_from as price_valid_from,
    -- Rounded once, at the end.
    round(units * unit_price / months, 2)::decimal(18, 2) as monthly_cost,
    reclaimable_units,
    round(reclaimable_units * unit_price / months, 2)::decimal(18, 2) as reclaimable_monthly_cost,
from priced
