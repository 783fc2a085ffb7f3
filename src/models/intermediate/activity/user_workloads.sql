-- One row per user of the current users export: the workloads, and the Office applications, that the user's enabled service plans are for.
-- materialize: at the latest date
with

users as (
    select * from intermediate.user_holdings
),

set_workloads as (
    select
        license_set,
        bool_or(is_exchange) as needs_exchange,
        bool_or(is_onedrive) as needs_onedrive,
        bool_or(is_sharepoint) as needs_sharepoint,
        bool_or(is_teams) as needs_teams,
        bool_or(is_yammer) as needs_yammer,
        bool_or(is_skype) as needs_skype,
        bool_or(is_apps) as needs_apps,
    from intermediate.set_plans
    where not is_disabled
    group by all
),

unknown_sets as (
    select distinct license_set
    from intermediate.set_licenses
    anti join intermediate.known_skus using (sku_id)
),

-- Where a SKU's plans are not known, the services assigned to the user stand in for them.
assigned_plans as (
    select
        users.user_id,
        lower(service) = 'exchange' as is_exchange,
        lower(service) = 'sharepoint' as is_onedrive,
        lower(service) = 'sharepoint' as is_sharepoint,
        lower(service) = 'teamspaceapi' as is_teams,
        lower(service) = 'yammerenterprise' as is_yammer,
        lower(service) = 'microsoftcommunicationsonline' as is_skype,
        lower(service) = 'microsoftoffice' as is_apps,
    from staging.user_assigned_plans as plans
    join users using (source_file_id, record_number)
    semi join unknown_sets using (license_set)
    where capability_status in ('Enabled', 'Warning')
      -- EXCHANGE_S_FOUNDATION is in most SKUs and gives no mailbox.
      and service_plan_id is distinct from '113feb6c-3fe4-4440-bddc-54d774bf0318'
),

assigned as (
    select
        user_id,
        bool_or(is_exchange) as needs_exchange,
        bool_or(is_onedrive) as needs_onedrive,
        bool_or(is_sharepoint) as needs_sharepoint,
        bool_or(is_teams) as needs_teams,
        bool_or(is_yammer) as needs_yammer,
        bool_or(is_skype) as needs_skype,
        bool_or(is_apps) as needs_apps,
    from assigned_plans
    group by all
),

known as (
    select
        users.user_id,
        coalesce(set_workloads.needs_exchange, false) or coalesce(assigned.needs_exchange, false) as needs_exchange,
        coalesce(set_workloads.needs_onedrive, false) or coalesce(assigned.needs_onedrive, false) as needs_onedrive,
        coalesce(set_workloads.needs_sharepoint, false) or coalesce(assigned.needs_sharepoint, false) as needs_sharepoint,
        coalesce(set_workloads.needs_teams, false) or coalesce(assigned.needs_teams, false) as needs_teams,
        coalesce(set_workloads.needs_yammer, false) or coalesce(assigned.needs_yammer, false) as needs_yammer,
        coalesce(set_workloads.needs_skype, false) or coalesce(assigned.needs_skype, false) as needs_skype,
        coalesce(set_workloads.needs_apps, false) or coalesce(assigned.needs_apps, false) as needs_apps,
        users.has_assigned_licenses and (unknown_sets.license_set is null or assigned.user_id is not null) as are_plans_known,
    from users
    left join set_workloads using (license_set)
    left join unknown_sets using (license_set)
    left join assigned using (user_id)
)

-- Without the plans, any workload may be the one that is used.
select
    user_id,
    are_plans_known,
    not are_plans_known or needs_exchange as needs_exchange,
    not are_plans_known or needs_onedrive as needs_onedrive,
    not are_plans_known or needs_sharepoint as needs_sharepoint,
    not are_plans_known or needs_teams as needs_teams,
    not are_plans_known or needs_yammer as needs_yammer,
    not are_plans_known or needs_skype as needs_skype,
    not are_plans_known or needs_apps as needs_apps,
from known
