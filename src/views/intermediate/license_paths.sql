-- One row per user and SKU: how the license came to the user, and whether it consumes a unit.
with

users as (
    select user_id, source_file_id, has_assigned_licenses from intermediate.current_users
),

assigned as (
    select distinct users.user_id, licenses.sku_id
    from staging.user_assigned_licenses as licenses
    join users using (source_file_id, user_id)
),

paths as (
    select
        users.user_id,
        states.sku_id,
        assigned_by_group_id,
        assignment_state,
        assignment_state in ('Active', 'ActiveWithError') as is_working,
    from staging.user_license_states as states
    join users using (source_file_id, user_id)
),

summed as (
    select
        user_id,
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
        user_id,
        sku_id,
        assigned.user_id is not null as is_assigned,
        summed.* exclude (user_id, sku_id),
    from assigned
    full join summed using (user_id, sku_id)
),

described as (
    select
        user_id,
        sku_id,
        -- assignedLicenses decides; only where it was not exported does a path that works stand in for it.
        is_assigned or (not has_assigned_licenses and coalesce(is_working, false)) as consumes_unit,
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
    join users using (user_id)
)

select * from described
