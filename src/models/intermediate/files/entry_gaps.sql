-- One row per output that reads lists of the users, and thing that entries of these lists do not say.
with

unnamed as (
    select
        'assignedLicenses' as list,
        'skuId' as property,
        count(*) as users,
    from staging.user_license_lists as lists
    join intermediate.current_files as files using (source_file_id)
    where lists.deleted_at is null
      and len(list_filter(lists.assigned_licenses, lambda license: license.skuId is null)) > 0
    union all
    select
        'assignedPlans' as list,
        'servicePlanId' as property,
        count(*) as users,
    from staging.user_license_lists as lists
    join intermediate.current_files as files using (source_file_id)
    where lists.deleted_at is null
      and list_contains(list_transform(lists.assigned_plans, lambda plan: plan.servicePlanId is null), true)
)

select
    outputs.output,
    unnamed.list || ' has entries without ' || unnamed.property || '; users: ' || unnamed.users as reason,
from unnamed
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
    ('license_costs', 'assignedPlans')
) as outputs (output, list)
  using (list)
where unnamed.users > 0
