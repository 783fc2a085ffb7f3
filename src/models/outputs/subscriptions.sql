-- One row per subscription of the tenant: its units and term, what a unit costs, and how many units could go when it is renewed.
with

parameters as (
    select as_of from intermediate.parameters
),

subscriptions as (
    select
        subscriptions.* exclude (sku_part_number, next_lifecycle_at),
        subscriptions.sku_part_number as own_part_number,
        next_lifecycle_at::date as next_lifecycle_date,
        as_of,
        -- What is a trial, has ended or has no known end is not renewed for fewer units.
        is_trial is not true
        and subscription_status in ('Enabled', 'Warning')
        and next_lifecycle_at::date >= as_of as is_renewed,
    from staging.directory_subscriptions as subscriptions
    join intermediate.current_files using (source_file_id)
    cross join parameters
),

surplus as (
    select sku_id, surplus_units from main.license_summary where sku_id is not null
),

-- A unit that is left over stands once: with the subscription that is renewed first.
earlier as (
    select
        subscriptions.*,
        surplus.surplus_units,
        coalesce(sum(total_units) over before, 0) as units_before,
        coalesce(bool_and(total_units is not null) over before, true) as are_known_before,
    from subscriptions
    left join surplus using (sku_id)
    window before as (
        partition by sku_id, coalesce(is_renewed, false)
        order by next_lifecycle_date, subscription_id
        rows between unbounded preceding and 1 preceding
    )
),

counted as (
    select
        *,
        case
            when surplus_units = 0 or not is_renewed then 0
            when is_renewed and are_known_before then greatest(0, least(total_units, surplus_units - units_before))
        end::bigint as known_reduction_units,
        case when surplus_units is not null and total_units is not null then known_reduction_units end as potential_reduction_units,
    from earlier
)

select
    counted.subscription_id,
    counted.commerce_subscription_id,
    counted.sku_id,
    coalesce(counted.own_part_number, names.sku_part_number) as sku_part_number,
    coalesce(names.product_name, counted.own_part_number) as product_name,
    coalesce(classes.sku_class, 'Unknown') as sku_class,
    counted.subscription_status as status,
    counted.is_trial,
    counted.total_units as units,
    counted.created_at,
    counted.next_lifecycle_date,
    costs.unit_price,
    costs.billing_period,
    costs.currency,
    costs.valid_from as price_valid_from,
    (counted.next_lifecycle_date - counted.as_of)::bigint as days_to_next_lifecycle,
    counted.surplus_units,
    counted.potential_reduction_units,
    case when counted.potential_reduction_units > 0 then counted.next_lifecycle_date end as earliest_reduction_date,
from counted
left join intermediate.sku_product_names as names using (sku_id)
left join intermediate.sku_classes as classes using (sku_id)
left join intermediate.sku_costs as costs
  on costs.sku_id = counted.sku_id
 and costs.is_newest
