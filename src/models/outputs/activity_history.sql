-- One row per date of the usage reports and user whom they name: the newest use and the storage that the reports of that date show, and the status as far as they alone tell it.
with

report_rows as (
    select * from intermediate.report_history
),

parameters as (
    select * from intermediate.parameters
),

-- Only a combined report that has the dates of all workloads shows that there was no use; that of Skype nobody needs.
whole_reports as (
    select source_file_id
    from meta.source_properties
    where records_present > 0
      and records_lost = 0
      and property in ('exchangeLastActivityDate', 'oneDriveLastActivityDate', 'sharePointLastActivityDate', 'teamsLastActivityDate', 'yammerLastActivityDate')
    group by all
    having count(*) = 5
),

summed as (
    select
        report_rows.snapshot_date,
        upn_key,
        min(user_principal_name) as user_principal_name,
        bool_or(dataset = 'office365_active_user_detail' and whole_reports.source_file_id is not null) as is_covered,
        max(exchange_last_activity_date) as exchange_last_activity_date,
        max(onedrive_last_activity_date) as onedrive_last_activity_date,
        max(sharepoint_last_activity_date) as sharepoint_last_activity_date,
        max(teams_last_activity_date) as teams_last_activity_date,
        max(yammer_last_activity_date) as yammer_last_activity_date,
        max(skype_last_activity_date) as skype_last_activity_date,
        -- What the reports on applications and devices show.
        greatest(
            max(apps_last_activity_date),
            max(copilot_last_activity_date),
            max(teams_device_last_activity_date),
            max(email_app_last_activity_date),
            max(yammer_device_last_activity_date)
        ) as other_use_date,
        sum(mailbox_storage_bytes)::bigint as mailbox_storage_bytes,
        sum(onedrive_storage_bytes)::bigint as onedrive_storage_bytes,
        case
            when bool_or(completeness = 'Incomplete') then 'Incomplete'
            when bool_or(completeness = 'Unknown') then 'Unknown'
            else 'Complete'
        end as completeness,
    from report_rows
    left join whole_reports using (source_file_id)
    group by all
),

days as (
    select distinct snapshot_date from summed
),

exports as (
    select distinct snapshot_date from meta.file_periods where dataset = 'users'
),

-- Reports lag: the users export of the days after them tells whose name it was, else the nearest one.
nearest as (
    select
        days.snapshot_date,
        exports.snapshot_date as users_date,
    from days
    cross join exports
    qualify row_number() over (
        partition by days.snapshot_date
        order by exports.snapshot_date between days.snapshot_date and days.snapshot_date + 7 desc, abs(exports.snapshot_date - days.snapshot_date)
    ) = 1
),

-- A name that two bear is nobody's.
users as (
    select
        nearest.snapshot_date,
        records.upn_key,
        case when count(distinct records.user_id) = 1 then min(records.user_id) end as user_id,
        min(records.created_at)::date as created_date,
    from nearest
    join meta.file_periods as periods
      on periods.snapshot_date = nearest.users_date
    join staging.users as records using (source_file_id)
    where periods.dataset = 'users'
      and records.deleted_at is null
    group by all
),

dated as (
    select
        *,
        greatest(
            exchange_last_activity_date,
            onedrive_last_activity_date,
            sharepoint_last_activity_date,
            teams_last_activity_date,
            yammer_last_activity_date,
            skype_last_activity_date,
            other_use_date
        ) as last_activity_date,
    from summed
)

select
    dated.snapshot_date,
    -- Use from before the account was created is that of somebody else who had the name.
    case when users.created_date is null or coalesce(last_activity_date, dated.snapshot_date) >= users.created_date then users.user_id end as user_id,
    dated.user_principal_name,
    case
        when dated.snapshot_date - last_activity_date <= inactive_after_days then 'Active'
        when not is_covered then 'Not Available'
        when last_activity_date is null then 'No activity'
        else 'Inactive'
    end as activity_status,
    last_activity_date,
    exchange_last_activity_date,
    onedrive_last_activity_date,
    sharepoint_last_activity_date,
    teams_last_activity_date,
    yammer_last_activity_date,
    skype_last_activity_date,
    mailbox_storage_bytes,
    onedrive_storage_bytes,
    case
        when mailbox_storage_bytes is not null or onedrive_storage_bytes is not null
            then coalesce(mailbox_storage_bytes, 0) + coalesce(onedrive_storage_bytes, 0)
    end as storage_used_bytes,
    dated.completeness,
from dated
left join users using (snapshot_date, upn_key)
cross join parameters
