-- One row per output that reads lists in records, and thing that entries of these lists do not say.
with

lists as (
    select lists.*
    from staging.user_license_lists as lists
    join intermediate.current_files as files using (source_file_id)
    where lists.deleted_at is null
),

-- What each entry has to say. Of the other things of a plan Graph leaves none out: they are missed where no entry has them.
entries as (
    select
        count(*) filter (len(list_filter(assigned_licenses, lambda license: license.skuId is null)) > 0) as without_sku,
        count(*) filter (len(list_filter(assigned_licenses, lambda license: license.disabledPlans is null)) > 0) as without_disabled_plans,
        count(*) filter (len(list_filter(license_states, lambda path: path.skuId is null)) > 0) as without_path_sku,
        count(*) filter (list_contains(list_transform(assigned_plans, lambda plan: plan.servicePlanId is null), true)) as without_plan,
        count(*) filter (len(assigned_plans) > 0) as with_plans,
        count(*) filter (list_contains(list_transform(assigned_plans, lambda plan: plan.service is not null), true)) as with_service,
        count(*) filter (list_contains(list_transform(assigned_plans, lambda plan: plan.capabilityStatus is not null), true)) as with_capability,
        count(*) filter (list_contains(list_transform(assigned_plans, lambda plan: plan.assignedDateTime is not null), true)) as with_date,
    from lists
),

-- A path without a group is direct, unless what else is there says that groups assign.
paths as (
    select
        count(*) as paths,
        count(assigned_by_group_id) as group_paths,
    from intermediate.holding_paths
),

licensed_groups as (
    select count(*) as groups
    from staging.group_assigned_licenses
    join intermediate.current_files using (source_file_id)
),

skus as (
    select
        count(*) filter (enabled_units is null) as without_enabled,
        count(*) filter (warning_units is null) as without_warning,
        count(*) filter (suspended_units is null) as without_suspended,
    from intermediate.current_subscribed_skus
    where coalesce(enabled_units, warning_units, suspended_units, locked_out_units) is not null
),

plans as (
    select
        count(distinct sku_id) filter (service_plan_id is null) as without_plan,
        count(distinct sku_id) filter (service_plan_name is null) as without_name,
    from staging.sku_service_plans
    join intermediate.current_files using (source_file_id)
    where applies_to is distinct from 'Company'
),

missed as (
    select
        unnest([
            {list: 'assignedLicenses', property: 'skuId', of: 'users', records: without_sku},
            {list: 'assignedLicenses', property: 'disabledPlans', of: 'users', records: without_disabled_plans},
            {list: 'licenseAssignmentStates', property: 'skuId', of: 'users', records: without_path_sku},
            {list: 'assignedPlans', property: 'servicePlanId', of: 'users', records: without_plan},
            {list: 'assignedPlans', property: 'service', of: 'users', records: case when with_service = 0 then with_plans end},
            {list: 'assignedPlans', property: 'capabilityStatus', of: 'users', records: case when with_capability = 0 then with_plans end},
            {list: 'assignedPlans', property: 'assignedDateTime', of: 'users', records: case when with_date = 0 then with_plans end}
        ], recursive := true),
    from entries
    union all
    select
        'licenseAssignmentStates' as list,
        'assignedByGroup' as property,
        'groups with licenses' as of,
        case when paths > 0 and group_paths = 0 then groups end as records,
    from paths
    cross join licensed_groups
    union all
    select
        unnest([
            {list: 'prepaidUnits', property: 'enabled', of: 'SKUs', records: without_enabled},
            {list: 'prepaidUnits', property: 'warning', of: 'SKUs', records: without_warning},
            {list: 'prepaidUnits', property: 'suspended', of: 'SKUs', records: without_suspended}
        ], recursive := true),
    from skus
    union all
    select
        unnest([
            {list: 'servicePlans', property: 'servicePlanId', of: 'SKUs', records: without_plan},
            {list: 'servicePlans', property: 'servicePlanName', of: 'SKUs', records: without_name}
        ], recursive := true),
    from plans
)

select
    outputs.output,
    missed.list || case missed.property when 'assignedByGroup' then ' names no group in ' else ' has entries without ' end || missed.property || '; ' || missed.of || ': ' || missed.records as reason,
from missed
join (values
    ('license_summary', 'assignedLicenses'),
    ('license_assignments', 'assignedLicenses'),
    ('license_costs', 'assignedLicenses'),
    ('license_overlaps', 'assignedLicenses'),
    ('license_history', 'assignedLicenses'),
    ('user_activity', 'assignedLicenses'),
    ('users', 'assignedLicenses'),
    ('license_summary', 'assignedPlans'),
    ('license_assignments', 'assignedPlans'),
    ('license_costs', 'assignedPlans'),
    ('license_assignments', 'licenseAssignmentStates'),
    ('license_overlaps', 'licenseAssignmentStates'),
    ('license_capacity', 'prepaidUnits'),
    ('license_costs', 'prepaidUnits'),
    ('license_summary', 'servicePlans'),
    ('license_assignments', 'servicePlans'),
    ('license_costs', 'servicePlans'),
    ('license_overlaps', 'servicePlans'),
    ('user_activity', 'servicePlans'),
    ('users', 'servicePlans')
) as outputs (output, list)
  using (list)
where missed.records > 0
  -- Which plans are switched off does not matter to what is counted alone.
  and (missed.property <> 'disabledPlans' or outputs.output <> 'license_history')
