-- One row per user and SKU: the license, its use by the user, and why it could be reclaimed.
with

parameters as (
    select * from intermediate.parameters
),

licenses as (
    select * from intermediate.license_paths
),

activity as (
    select
        user_id,
        account_enabled,
        created_at,
        activity_status,
        last_activity_date,
        days_unused,
        activity_as_of,
        is_evidence_old,
    from intermediate.person_activity
)

select
    licenses.*,
    activity.account_enabled,
    activity.activity_status,
    activity.last_activity_date,
    -- Without any of these nobody can say that there is no reason.
    activity.account_enabled is null
    or activity.activity_status = 'Not Available'
    or coalesce(activity.is_evidence_old, false)
    or (activity.activity_status = 'No activity' and activity.created_at is null) as is_reclaim_unknown,
    case
        when not licenses.consumes_unit then null
        when activity.account_enabled = false then 'Account disabled'
        when activity.is_evidence_old then null
        when activity_status = 'No activity' and activity_as_of - created_at::date > reclaim_after_days then 'No activity'
        when activity_status = 'Inactive' and days_unused > reclaim_after_days then 'Inactive'
    end as reclaim_reason,
from licenses
join activity using (user_id)
cross join parameters
