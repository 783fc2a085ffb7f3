-- One row per subscribed SKU and service plan for users in it, with the workload that the plan is for.
with

files as (
    select source_file_id from intermediate.current_files where dataset = 'subscribed_skus'
),

named as (
    select distinct
        sku_id,
        sku_part_number,
        service_plan_id,
        service_plan_name,
        service_plan_name like 'EXCHANGE%' and not regexp_matches(service_plan_name, 'FOUNDATION|ARCHIVE|ANALYTICS') as is_exchange,
        regexp_matches(service_plan_name, '^(SHAREPOINT(STANDARD|ENTERPRISE|DESKLESS|_S_)|ONEDRIVE)') as is_onedrive,
        regexp_matches(service_plan_name, '^SHAREPOINT(STANDARD|ENTERPRISE|DESKLESS|_S_)') as is_sharepoint,
        regexp_matches(service_plan_name, '^TEAMS(1$|_GOV|_AR_|_EDU|_FREE)') as is_teams,
        service_plan_name like 'YAMMER%' as is_yammer,
        regexp_matches(service_plan_name, '^MCO(STANDARD|IMP|LITE)') as is_skype,
        regexp_matches(service_plan_name, '^OFFICE(SUBSCRIPTION|_BUSINESS)') as is_apps,
        service_plan_name like 'M365_COPILOT%' as is_copilot,
    from staging.sku_service_plans
    join files using (source_file_id)
    where applies_to is distinct from 'Company'
      and service_plan_name is not null
)

select
    *,
    -- Visio and Project bring a place for their files: a prerequisite, no product of its own.
    (is_onedrive or service_plan_name like 'SHAREPOINTWAC%')
    and bool_or(regexp_matches(service_plan_name, '^(VISIO|PROJECT_(CLIENT|PROFESSIONAL|ESSENTIALS|P[0-9]))')) over skus
    and not bool_or(is_exchange) over skus as is_prerequisite,
from named
window skus as (partition by sku_id)
