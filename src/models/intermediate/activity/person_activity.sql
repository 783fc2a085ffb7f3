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
        account_enabled,
        is_licensed,
        created_at,
        last_any_sign_in_at,
        last_successful_sign_in_at,
    from intermediate.people
),

workloads as (
    select * from intermediate.user_workloads
),

summed as (
    select * from intermediate.person_evidence
),

reports as (
    select
        max(report_refresh_date) as newest_refresh_date,
        coalesce(bool_or(is_concealed), false) as has_concealed,
    from intermediate.report_activity
),

log as (
    select max(signed_in_at)::date as log_reach from intermediate.current_sign_ins
),

coverage as (
    select
        coalesce(bool_or(dataset in (select dataset from meta.activity_reports)), false) as has_reports,
        coalesce(bool_or(dataset = 'sign_ins'), false) as has_sign_ins,
        max(snapshot_date) filter (dataset = 'users') as users_date,
    from intermediate.current_files
),

-- Where no user at all has it, the export left lastSuccessfulSignInDateTime out.
success as (
    select count(last_successful_sign_in_at) > 0 as has_success from intermediate.people
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
        summed.* exclude (person_key),
        -- A report more than 7 days older than the user's newest one does not cover what happened since, nor one that reaches less far back than the threshold.
        coalesce(workloads.needs_exchange, true) and coalesce(exchange_days < inactive_after_days, true) as lacks_exchange,
        coalesce(workloads.needs_onedrive, true) and coalesce(onedrive_days < inactive_after_days, true) as lacks_onedrive,
        coalesce(workloads.needs_sharepoint, true) and coalesce(sharepoint_days < inactive_after_days, true) as lacks_sharepoint,
        coalesce(workloads.needs_teams, true) and coalesce(teams_days < inactive_after_days, true) as lacks_teams,
        coalesce(workloads.needs_yammer, true) and coalesce(yammer_days < inactive_after_days, true) as lacks_yammer,
        coalesce(workloads.needs_skype, true) and coalesce(skype_days < inactive_after_days, true) as lacks_skype,
        least(
            case when coalesce(workloads.needs_exchange, true) then exchange_days end,
            case when coalesce(workloads.needs_onedrive, true) then onedrive_days end,
            case when coalesce(workloads.needs_sharepoint, true) then sharepoint_days end,
            case when coalesce(workloads.needs_teams, true) then teams_days end,
            case when coalesce(workloads.needs_yammer, true) then yammer_days end,
            case when coalesce(workloads.needs_skype, true) then skype_days end
        ) as known_days,
        coverage.*,
        reports.*,
        log.*,
        success.has_success,
        parameters.*,
    from people
    left join workloads
      on people.user_id = workloads.user_id
    left join summed
      on people.person_key = summed.person_key
    cross join coverage
    cross join reports
    cross join log
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
            when exchange_person_date then 'Exchange'
            when sharepoint_last_activity_date then 'SharePoint'
            when onedrive_person_date then 'OneDrive'
            when yammer_last_activity_date then 'Yammer'
            when skype_last_activity_date then 'Skype'
            when exchange_last_activity_date then 'Exchange (account)'
            when onedrive_last_activity_date then 'OneDrive (account)'
        end as last_activity_source,
        report_reach is not null and not is_uncovered as is_covered,
        case when last_any_sign_in_date is not null then users_date end as sign_in_reach,
        greatest(report_reach, sign_in_reach) as newest_reach,
        sign_in_reach - greatest(last_any_sign_in_date, last_activity_date) as days_without_sign_in,
    from dated
),

-- How far the evidence reaches. Of reports and sign-ins that are more than 7 days apart only those count that settle the matter.
reached as (
    select
        *,
        greatest(last_activity_date, coalesce(
            case
                when newest_reach - last_activity_date <= inactive_after_days then newest_reach
                when abs(report_reach - sign_in_reach) <= 7 or is_covered and days_without_sign_in > inactive_after_days then newest_reach
                when days_without_sign_in > inactive_after_days then sign_in_reach
                else coalesce(report_reach, sign_in_reach)
            end,
            case when last_log_sign_in_at is not null then log_reach end
        )) as evidence_reach,
        case when evidence_reach > as_of then as_of else evidence_reach end as activity_as_of,
    from counted
),

judged as (
    select
        *,
        activity_as_of - last_activity_date as days_since_last_activity,
        -- A sign-in that nothing calls successful or failed may be a use. Entra notes successes since December 2023 and
        -- fills nothing in from before (Microsoft Graph, signInActivity, lastSuccessfulSignInDateTime).
        case
            when not has_success then last_any_sign_in_date
            when last_successful_sign_in_at is null and last_any_sign_in_date < date '2023-12-01' then last_any_sign_in_date
        end as maybe_used_date,
        case
            when activity_as_of - last_activity_date <= inactive_after_days then 'Active'
            -- Anything at all can disprove activity, a failed sign-in too.
            when days_without_sign_in > inactive_after_days then 'Inactive'
            when not is_covered then 'Not Available'
            when activity_as_of - maybe_used_date <= inactive_after_days then 'Not Available'
            when coalesce(last_activity_date, maybe_used_date) is not null then 'Inactive'
            when has_earlier_use then 'Not Available'
            -- What was before is not known.
            when known_days < reclaim_after_days then 'Inactive'
            else 'No activity'
        end as activity_status,
    from reached
)

select
    *,
    activity_as_of < users_date - 7 as is_evidence_old,
    -- The days for which it is sure that nothing was used.
    greatest(
        days_without_sign_in,
        case when is_covered and coalesce(known_days >= reclaim_after_days, true) and report_reach >= users_date - 7 then activity_as_of - greatest(last_activity_date, maybe_used_date) end
    ) as days_unused,
    case
        when activity_status = 'Active' and last_activity_source = 'Sign-in' then 'Signed in within ' || inactive_after_days || ' days'
        when activity_status = 'Active' and last_activity_source like '%(account)'
            then 'Used ' || replace(last_activity_source, ' (account)', '') || ' within ' || inactive_after_days || ' days, by the date of the account, which others can move'
        when activity_status = 'Active' then 'Used ' || last_activity_source || ' within ' || inactive_after_days || ' days'
        when activity_status = 'Inactive' and days_without_sign_in > inactive_after_days
            then 'Newest sign-in of any kind is older than ' || inactive_after_days || ' days'
        when activity_status = 'Inactive' and known_days < reclaim_after_days
            then 'No use of any covered workload within ' || inactive_after_days || ' days; earlier unknown, as a report reaches back ' || known_days || ' days'
        when activity_status = 'Inactive' then 'No use of any covered workload within ' || inactive_after_days || ' days'
        when activity_status = 'No activity' then 'The reports show no use of any workload'
        when not has_reports and not has_sign_ins then 'No usage report and no sign-ins were supplied'
        when not has_reports then 'No usage report was supplied; sign-ins alone cannot show inactivity'
        when report_reach is null and created_at::date > newest_refresh_date then 'Created after the usage reports were made'
        when report_reach is null and has_concealed then 'The usage reports conceal names'
        when report_reach is null then 'In no supplied usage report'
        when is_covered and has_earlier_use and last_activity_date is null and maybe_used_date is null
            then 'The usage reports show use only from before the account was created'
        when is_covered then 'The reports show no recent use, but there was a sign-in that the export does not call successful or failed'
        else 'For this user no supplied usage report covers ' || concat_ws(', ',
            case when lacks_exchange then 'Exchange' || coalesce(' for more than ' || exchange_days || ' days', ' after ' || exchange_reach, '') end,
            case when lacks_onedrive then 'OneDrive' || coalesce(' for more than ' || onedrive_days || ' days', ' after ' || onedrive_reach, '') end,
            case when lacks_sharepoint then 'SharePoint' || coalesce(' for more than ' || sharepoint_days || ' days', ' after ' || sharepoint_reach, '') end,
            case when lacks_teams then 'Teams' || coalesce(' for more than ' || teams_days || ' days', ' after ' || teams_reach, '') end,
            case when lacks_yammer then 'Yammer' || coalesce(' for more than ' || yammer_days || ' days', ' after ' || yammer_reach, '') end,
            case when lacks_skype then 'Skype' || coalesce(' for more than ' || skype_days || ' days', ' after ' || skype_reach, '') end
        )
    end as activity_status_reason,
from judged
