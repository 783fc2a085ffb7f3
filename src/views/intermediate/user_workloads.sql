-- One row per user of the current users export: the workloads that the user's enabled service plans are for.
with

users as (
    select user_id, source_file_id, has_assigned_licenses from intermediate.current_users
),

sku_plans as (
    select
        sku_id,
        service_plan_id,
        is_exchange,
        is_onedrive,
        is_sharepoint,
        is_teams,
        is_yammer,
        is_skype,
    from intermediate.sku_plans
),

workload_plans as (
    select * from sku_plans
    where is_exchange or is_onedrive or is_sharepoint or is_teams or is_yammer or is_skype
),

licenses as (
    select
        users.user_id,
        assigned.sku_id,
        assigned.disabled_plan_ids,
    from staging.user_assigned_licenses as assigned
    join users using (source_file_id, user_id)
),

licensed_plans as (
    select
        licenses.user_id,
        plans.* exclude (sku_id, service_plan_id),
    from licenses
    join workload_plans as plans using (sku_id)
    where not coalesce(list_contains(licenses.disabled_plan_ids, plans.service_plan_id), false)
),

unknown_skus as (
    select distinct licenses.user_id
    from licenses
    anti join intermediate.known_skus using (sku_id)
),

-- Where a SKU's plans are not known, the services assigned to the user stand in for them.
assigned_plans as (
    select
        plans.user_id,
        lower(service) = 'exchange' as is_exchange,
        lower(service) = 'sharepoint' as is_onedrive,
        lower(service) = 'sharepoint' as is_sharepoint,
        lower(service) = 'teamspaceapi' as is_teams,
        lower(service) = 'yammerenterprise' as is_yammer,
        lower(service) = 'microsoftcommunicationsonline' as is_skype,
    from staging.user_assigned_plans as plans
    join users using (source_file_id, user_id)
    semi join unknown_skus using (user_id)
    where capability_status in ('Enabled', 'Warning')
      -- EXCHANGE_S_FOUNDATION is in most SKUs and gives no mailbox.
      and service_plan_id is distinct from '113feb6c-3fe4-4440-bddc-54d774bf0318'
),

plans as (
    select * from licensed_plans
    union all by name
    select * from assigned_plans
),

needed as (
    select
        user_id,
        bool_or(is_exchange) as needs_exchange,
        bool_or(is_onedrive) as needs_onedrive,
        bool_or(is_sharepoint) as needs_sharepoint,
        bool_or(is_teams) as needs_teams,
        bool_or(is_yammer) as needs_yammer,
        bool_or(is_skype) as needs_skype,
    from plans
    group by all
),

without_plans as (
    select unknown_skus.user_id
    from unknown_skus
    anti join assigned_plans using (user_id)
),

known as (
    select
        users.user_id,
        needed.* exclude (user_id),
        users.has_assigned_licenses and without_plans.user_id is null as are_plans_known,
    from users
    left join needed using (user_id)
    left join without_plans using (user_id)
)

-- Without the plans, any workload may be the one that is used.
select
    user_id,
    are_plans_known,
    not are_plans_known or coalesce(needs_exchange, false) as needs_exchange,
    not are_plans_known or coalesce(needs_onedrive, false) as needs_onedrive,
    not are_plans_known or coalesce(needs_sharepoint, false) as needs_sharepoint,
    not are_plans_known or coalesce(needs_teams, false) as needs_teams,
    not are_plans_known or coalesce(needs_yammer, false) as needs_yammer,
    not are_plans_known or coalesce(needs_skype, false) as needs_skype,
from known
