-- One row per user and SKU: how the license came to the user, whether it consumes a unit, whether it is used, and why it could be reclaimed.
with

facts as (
    select * from intermediate.license_facts
),

users as (
    select user_id, user_principal_name, display_name from intermediate.current_users
),

names as (
    select * from intermediate.sku_product_names
),

used as (
    select
        facts.*,
        has_exchange or has_onedrive or has_sharepoint or has_teams or has_yammer or has_skype as has_workload,
        greatest(
            case when has_exchange then exchange_last_activity_date end,
            case when has_onedrive then onedrive_last_activity_date end,
            case when has_sharepoint then sharepoint_last_activity_date end,
            case when has_teams then teams_last_activity_date end,
            case when has_yammer then yammer_last_activity_date end,
            case when has_skype then skype_last_activity_date end,
            case when has_apps then apps_date end,
            case when has_copilot then copilot_date end
        ) as sku_last_activity_date,
        greatest(
            case when has_workload then report_reach end,
            case when has_apps then apps_reach end,
            case when has_copilot then copilot_reach end
        ) as sku_reach,
        -- The six workloads of the reports must all be covered; Office applications and Copilot only where the SKU has nothing else.
        case
            when has_workload then report_reach is null
            or (has_exchange and lacks_exchange)
            or (has_onedrive and lacks_onedrive)
            or (has_sharepoint and lacks_sharepoint)
            or (has_teams and lacks_teams)
            or (has_yammer and lacks_yammer)
            or (has_skype and lacks_skype)
            else (has_apps and apps_reach is null) or (has_copilot and copilot_reach is null)
        end as is_sku_uncovered,
    from facts
),

judged as (
    select
        *,
        case
            when not consumes_unit then null
            when not coalesce(are_plans_known, false) then 'Not Available'
            when not (has_workload or has_apps or has_copilot) then 'Not monitored'
            when sku_reach - sku_last_activity_date <= inactive_after_days then 'Active'
            when days_without_sign_in > inactive_after_days then 'Inactive'
            when is_sku_uncovered then 'Not Available'
            when sku_last_activity_date is not null then 'Inactive'
            when has_earlier_use then 'Not Available'
            else 'No activity'
        end as sku_activity_status,
    from used
)

select
    facts.user_id,
    users.user_principal_name,
    users.display_name,
    facts.sku_id,
    names.sku_part_number,
    names.product_name,
    facts.assignment_path,
    groups.assigned_by_group_ids,
    facts.assignment_state,
    groups.assignment_error,
    facts.consumes_unit,
    facts.assigned_at,
    facts.account_enabled,
    facts.activity_status,
    facts.last_activity_date,
    facts.reclaim_reason,
    case
        when facts.reclaim_reason is not null then nullif(concat_ws('; ',
            facts.hard_blocker,
            case facts.assignment_path when 'Direct and group' then 'Assigned by group too: remove the member and the license (' else 'Assigned by group: remove the member, not the license (' end || groups.working_group_names || ')',
            case when facts.reclaim_reason in ('No activity', 'Inactive') and facts.are_plans_known and not (facts.has_workload or facts.has_apps or facts.has_copilot) then 'Review: no report tells of the use of this product' end,
            case when facts.reclaim_reason in ('No activity', 'Inactive') and facts.assigned_at is null then 'Review: since when the user has it is not known' end,
            case when facts.needs_review and facts.mailbox_type is null then 'Review: mailbox type was not supplied' end,
            case when facts.needs_review and facts.mailbox_type is not null and facts.has_litigation_hold is null then 'Review: holds of the mailbox were not supplied' end
        ), '')
    end as reclaim_blocker,
    facts.disabled_plans,
    facts.assigned_at_source,
    facts.sku_activity_status,
    facts.sku_last_activity_date,
    coalesce(duplicates.product_name, facts.duplicate_of_sku_id) as duplicate_of,
    case when facts.reclaim_reason is not null then facts.hard_blocker is null end as is_reclaimable,
from judged as facts
join users using (user_id)
left join names using (sku_id)
left join intermediate.license_groups as groups using (user_id, sku_id)
left join names as duplicates
  on duplicates.sku_id = facts.duplicate_of_sku_id
