-- One row per user with licenses: the workloads of the user's enabled service plans.
with

users as (
    select user_id, source_file_id, has_assigned_licenses from intermediate.current_users
),

licenses as (
    select users.user_id, assigned.sku_id, assigned.disabled_plan_ids
    from staging.user_assigned_licenses as assigned
    join users using (source_file_id, user_id)
),

skus as (
    select source_file_id from intermediate.current_files where dataset = 'subscribed_skus'
),

sku_plans as (
    select distinct sku_id, service_plan_id, service_plan_name
    from staging.sku_service_plans
    join skus using (source_file_id)
    where applies_to is distinct from 'Company'
),

licensed_plans as (
    select
        licenses.user_id,
        case
            when service_plan_name like 'EXCHANGE%' and not regexp_matches(service_plan_name, 'FOUNDATION|ARCHIVE|ANALYTICS') then ['exchange']
            when regexp_matches(service_plan_name, '^SHAREPOINT(STANDARD|ENTERPRISE|DESKLESS|_S_)') then ['sharepoint', 'onedrive']
            when service_plan_name like 'ONEDRIVE%' then ['onedrive']
            when regexp_matches(service_plan_name, '^TEAMS(1$|_GOV|_AR_|_EDU|_FREE)') then ['teams']
            when service_plan_name like 'YAMMER%' then ['yammer']
            when regexp_matches(service_plan_name, '^MCO(STANDARD|IMP|LITE)') then ['skype']
        end as workloads,
    from licenses
    join sku_plans using (sku_id)
    where not coalesce(list_contains(licenses.disabled_plan_ids, sku_plans.service_plan_id), false)
),

unknown_skus as (
    select distinct user_id
    from licenses
    where sku_id not in (select sku_id from sku_plans)
),

-- Where a SKU's plans are not known, the services assigned to the user stand in for them.
assigned_plans as (
    select
        user_id,
        case lower(service)
            when 'exchange' then ['exchange']
            when 'sharepoint' then ['sharepoint', 'onedrive']
            when 'teamspaceapi' then ['teams']
            when 'yammerenterprise' then ['yammer']
            when 'microsoftcommunicationsonline' then ['skype']
            else []
        end as workloads,
    from staging.user_assigned_plans
    join users using (source_file_id, user_id)
    join unknown_skus using (user_id)
    where capability_status in ('Enabled', 'Warning')
      and service_plan_id is distinct from '113feb6c-3fe4-4440-bddc-54d774bf0318'
),

all_plans as (
    select * from licensed_plans where workloads is not null
    union all
    select * from assigned_plans
),

needed as (
    select user_id, list_sort(list_distinct(flatten(list(workloads)))) as workloads
    from all_plans
    group by all
),

without_plans as (
    select user_id
    from unknown_skus
    where user_id not in (select user_id from assigned_plans)
)

select
    users.user_id,
    coalesce(needed.workloads, []) as workloads,
    users.has_assigned_licenses and without_plans.user_id is null as are_plans_known,
from users
left join needed using (user_id)
left join without_plans using (user_id)
