-- One row per user and SKU: how the license came to the user, whether it consumes a unit, and the holding and set of licenses that it is in.
with

holdings as (
    select
        holding,
        assigned_licenses,
        coalesce(len(list_filter(assigned_licenses, lambda license: license.skuId is null)) > 0, false) as has_unnamed,
    from intermediate.license_holdings
),

licenses as (
    select holding, unnest(assigned_licenses) as license from holdings
),

assigned as (
    select distinct
        holding,
        license.skuId::varchar as sku_id,
    from licenses
),

paths as (
    select * from intermediate.holding_paths
),

summed as (
    select
        holding,
        sku_id,
        bool_or(is_working) as is_working,
        bool_or(assigned_by_group_id is null) filter (is_working) as is_direct,
        bool_or(assigned_by_group_id is not null) filter (is_working) as is_group,
        bool_or(assigned_by_group_id is null) as is_direct_tried,
        bool_or(assigned_by_group_id is not null) as is_group_tried,
        case
            when bool_or(assignment_state = 'Active') then 'Active'
            when bool_or(assignment_state = 'ActiveWithError') then 'ActiveWithError'
            else min(assignment_state)
        end as assignment_state,
    from paths
    group by all
),

united as (
    select
        holding,
        sku_id,
        assigned.holding is not null as is_assigned,
        summed.* exclude (holding, sku_id),
    from assigned
    full join summed using (holding, sku_id)
),

described as (
    select
        holding,
        sku_id,
        -- assignedLicenses decides; only where it was not exported does a path that works stand in for it.
        case
            when is_assigned then true
            when assigned_licenses is null then coalesce(is_working, false)
            -- It may be one of those in the list that do not say of which SKU they are.
            when has_unnamed and is_working then null
            else false
        end as consumes_unit,
        case
            when is_direct and is_group then 'Direct and group'
            when is_group then 'Group'
            when is_direct then 'Direct'
            when is_direct_tried and is_group_tried then 'Direct and group'
            when is_group_tried then 'Group'
            when is_direct_tried then 'Direct'
            else 'Unknown'
        end as assignment_path,
        assignment_state,
    from united
    join holdings using (holding)
)

select
    users.user_id,
    users.license_set,
    described.*,
from described
join intermediate.user_holdings as users using (holding)
