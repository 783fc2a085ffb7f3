-- One row per person: the evidence of activity and the status that the rules of activity give it.
with

parameters as (
    select * from intermediate.parameters
),

-- Without names: they would be carried through every step. Outputs join them at their end.
people as (
    select
        person_key,
        user_id,
        upn_key,
        mail_key,
        account_enabled,
        is_licensed,
        created_at,
        last_any_sign_in_at,
        last_successful_sign_in_at,
    from intermediate.people
),

-- A name that two people bear belongs to neither of them.
upns as (
    select
        upn_key,
        any_value(person_key) as person_key,
        any_value(created_at) as created_at,
    from people
    where upn_key is not null
    group by upn_key
    having count(*) = 1
),

mails as (
    select
        mail_key,
        any_value(person_key) as person_key,
        any_value(created_at) as created_at,
    from people
    where mail_key is not null
    group by mail_key
    having count(*) = 1
),

names as (
    select upn_key as report_key, person_key, created_at from upns
    union all
    -- A report may name somebody by mail address, where no UPN is the same.
    select mails.mail_key as report_key, mails.person_key, mails.created_at
    from mails
    anti join people
      on mails.mail_key = people.upn_key
),

workloads as (
    select * from intermediate.user_workloads
),

report_rows as (
    select * from intermediate.report_activity
),

-- Rows of deleted accounts, and activity before the account was created, belong to somebody else who had the UPN.
reports as (
    select
        names.person_key,
        max(report_refresh_date) as report_reach,
        bool_or(covers_exchange) as covers_exchange,
        bool_or(covers_onedrive) as covers_onedrive,
        bool_or(covers_sharepoint) as covers_sharepoint,
        bool_or(covers_teams) as covers_teams,
        bool_or(covers_yammer) as covers_yammer,
        bool_or(covers_skype) as covers_skype,
        max(exchange_last_activity_date) filter (exchange_last_activity_date >= created_at::date or created_at is null) as exchange_last_activity_date,
        max(onedrive_last_activity_date) filter (onedrive_last_activity_date >= created_at::date or created_at is null) as onedrive_last_activity_date,
        max(sharepoint_last_activity_date) filter (sharepoint_last_activity_date >= created_at::date or created_at is null) as sharepoint_last_activity_date,
        max(teams_last_activity_date) filter (teams_last_activity_date >= created_at::date or created_at is null) as teams_last_activity_date,
        max(yammer_last_activity_date) filter (yammer_last_activity_date >= created_at::date or created_at is null) as yammer_last_activity_date,
        max(skype_last_activity_date) filter (skype_last_activity_date >= created_at::date or created_at is null) as skype_last_activity_date,
        sum(mailbox_storage_bytes)::bigint as mailbox_storage_bytes,
        sum(onedrive_storage_bytes)::bigint as onedrive_storage_bytes,
    from report_rows
    join names
      on report_rows.upn_key = names.report_key
    where not is_deleted
      and not is_concealed
    group by all
),

sign_ins as (
    select * from intermediate.sign_in_counts
),

sign_ins_by_id as (
    select
        user_id,
        max(last_sign_in_at) as last_sign_in_at,
    from sign_ins
    where user_id is not null
    group by all
),

-- A sign-in without the user's id, or of a person whose id is not known.
sign_ins_by_upn as (
    select
        upns.person_key,
        max(last_sign_in_at) filter (sign_ins.user_id is null) as last_nameless_at,
        max(last_sign_in_at) as last_sign_in_at,
    from sign_ins
    join upns
      on lower(trim(sign_ins.user_principal_name)) = upns.upn_key
    group by all
),

reach as (
    select
        max(report_refresh_date) as newest_refresh_date,
        coalesce(bool_or(is_concealed), false) as has_concealed,
    from report_rows
),

log_reach as (
    select max(last_seen_at)::date as log_reach from sign_ins
),

coverage as (
    select
        coalesce(bool_or(dataset in ('office365_active_user_detail', 'mailbox_usage_detail', 'onedrive_usage_account_detail')), false) as has_reports,
        coalesce(bool_or(dataset = 'sign_ins'), false) as has_sign_ins,
        max(snapshot_date) filter (dataset = 'users') as users_date,
    from intermediate.current_files
),

-- Where no user at all has it, the export left lastSuccessfulSignInDateTime out.
success as (
    select count(last_successful_sign_in_at) > 0 as has_success from people
),

evidence as (
    select
        people.person_key,
        people.user_id,
        people.account_enabled,
        people.is_licensed,
        people.created_at,
        people.last_any_sign_in_at,
        case when people.last_successful_sign_in_at < parameters.as_of + interval 1 day then people.last_successful_sign_in_at end as last_successful_sign_in_at,
        reports.* exclude (person_key),
        greatest(
            sign_ins_by_id.last_sign_in_at,
            case when people.user_id is null then sign_ins_by_upn.last_sign_in_at else sign_ins_by_upn.last_nameless_at end
        ) as last_log_sign_in_at,
        coalesce(workloads.needs_exchange, true) and not coalesce(reports.covers_exchange, false) as lacks_exchange,
        coalesce(workloads.needs_onedrive, true) and not coalesce(reports.covers_onedrive, false) as lacks_onedrive,
        coalesce(workloads.needs_sharepoint, true) and not coalesce(reports.covers_sharepoint, false) as lacks_sharepoint,
        coalesce(workloads.needs_teams, true) and not coalesce(reports.covers_teams, false) as lacks_teams,
        coalesce(workloads.needs_yammer, true) and not coalesce(reports.covers_yammer, false) as lacks_yammer,
        coalesce(workloads.needs_skype, true) and not coalesce(reports.covers_skype, false) as lacks_skype,
        log_reach.log_reach,
        coverage.*,
        reach.*,
        success.has_success,
        parameters.*,
    from people
    left join workloads
      on people.user_id = workloads.user_id
    left join reports
      on people.person_key = reports.person_key
    left join sign_ins_by_id
      on people.user_id = sign_ins_by_id.user_id
    left join sign_ins_by_upn
      on people.person_key = sign_ins_by_upn.person_key
    cross join log_reach
    cross join coverage
    cross join reach
    cross join success
    cross join parameters
),

dated as (
    select
        *,
        last_any_sign_in_at::date as last_any_sign_in_date,
        greatest(last_successful_sign_in_at, last_log_sign_in_at)::date as last_sign_in_date,
        lacks_exchange or lacks_onedrive or lacks_sharepoint or lacks_teams or lacks_yammer or lacks_skype as is_uncovered,
        greatest(
            exchange_last_activity_date,
            onedrive_last_activity_date,
            sharepoint_last_activity_date,
            teams_last_activity_date,
            yammer_last_activity_date,
            skype_last_activity_date,
            last_sign_in_date
        ) as last_activity_date,
    from evidence
),

counted as (
    select
        *,
        case last_activity_date
            when last_sign_in_date then 'Sign-in'
            when teams_last_activity_date then 'Teams'
            when exchange_last_activity_date then 'Exchange'
            when sharepoint_last_activity_date then 'SharePoint'
            when onedrive_last_activity_date then 'OneDrive'
            when yammer_last_activity_date then 'Yammer'
            when skype_last_activity_date then 'Skype'
        end as last_activity_source,
        least(
            as_of,
            greatest(
                coalesce(
                    greatest(report_reach, case when last_any_sign_in_date is not null then users_date end),
                    case when last_log_sign_in_at is not null then log_reach end
                ),
                last_activity_date
            )
        ) as activity_as_of,
    from dated
),

judged as (
    select
        *,
        activity_as_of - last_activity_date as days_since_last_activity,
        case
            when activity_as_of - last_activity_date <= inactive_after_days then 'Active'
            -- Anything at all can disprove activity, a failed sign-in too.
            when users_date - last_any_sign_in_date > inactive_after_days then 'Inactive'
            when report_reach is null or is_uncovered then 'Not Available'
            when last_activity_date is not null then 'Inactive'
            when last_any_sign_in_date is not null and not has_success then 'Not Available'
            else 'No activity'
        end as activity_status,
    from counted
)

select
    *,
    activity_as_of < users_date - 7 as is_evidence_old,
    case
        when activity_status = 'Active' then 'Used ' || last_activity_source || ' within ' || inactive_after_days || ' days'
        when activity_status = 'Inactive' and users_date - last_any_sign_in_date > inactive_after_days
            then 'Newest sign-in of any kind is older than ' || inactive_after_days || ' days'
        when activity_status = 'Inactive' then 'No use of any covered workload within ' || inactive_after_days || ' days'
        when activity_status = 'No activity' then 'The reports show no use of any workload'
        when not has_reports and not has_sign_ins then 'No usage report and no sign-ins were supplied'
        when not has_reports then 'No usage report was supplied; sign-ins alone cannot show inactivity'
        when report_reach is null and created_at::date > newest_refresh_date then 'Created after the usage reports were made'
        when report_reach is null and has_concealed then 'The usage reports conceal names'
        when report_reach is null then 'In no supplied usage report'
        when not is_uncovered then 'The reports show no use, but there was a sign-in that the export does not call successful or failed'
        else 'No supplied usage report covers ' || concat_ws(', ',
            case when lacks_exchange then 'Exchange' end,
            case when lacks_onedrive then 'OneDrive' end,
            case when lacks_sharepoint then 'SharePoint' end,
            case when lacks_teams then 'Teams' end,
            case when lacks_yammer then 'Yammer' end,
            case when lacks_skype then 'Skype' end
        )
    end as activity_status_reason,
from judged
