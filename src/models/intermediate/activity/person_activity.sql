-- One row per person: the evidence of activity and the status that the rules of activity give it.
with

parameters as (
    select * from intermediate.parameters
),

coverage as (
    select
        coalesce(bool_or(dataset in (select dataset from meta.activity_reports)), false) as has_reports,
        coalesce(bool_or(dataset in (select dataset from meta.activity_columns) and dataset not in (select dataset from meta.activity_reports)), false) as has_other_reports,
        coalesce(bool_or(dataset = 'sign_ins'), false) as has_sign_ins,
        max(snapshot_date) filter (dataset = 'users') as users_date,
    from intermediate.current_files
),

evidence as (
    select
        facts.* replace (
            case when facts.last_successful_sign_in_at < parameters.as_of + interval 1 day then facts.last_successful_sign_in_at end as last_successful_sign_in_at
        ),
        -- What the tenant does not use, or its cloud does not report. Skype for Business Online was retired on 2021-07-31.
        list_contains(without_workloads, 'Exchange') or coalesce(exchange_unused_days >= reclaim_after_days, false) as omits_exchange,
        list_contains(without_workloads, 'OneDrive') or coalesce(onedrive_unused_days >= reclaim_after_days, false) as omits_onedrive,
        list_contains(without_workloads, 'SharePoint') or coalesce(sharepoint_unused_days >= reclaim_after_days, false) as omits_sharepoint,
        list_contains(without_workloads, 'Teams') or coalesce(teams_unused_days >= reclaim_after_days, false) as omits_teams,
        list_contains(without_workloads, 'Yammer') or coalesce(yammer_unused_days >= reclaim_after_days, false) as omits_yammer,
        coalesce(has_exchange_plan, true) and not omits_exchange as needs_exchange,
        coalesce(has_onedrive_plan, true) and not omits_onedrive as needs_onedrive,
        coalesce(has_sharepoint_plan, true) and not omits_sharepoint as needs_sharepoint,
        coalesce(has_teams_plan, true) and not omits_teams as needs_teams,
        coalesce(has_yammer_plan, true) and not omits_yammer as needs_yammer,
        coalesce(has_apps_plan, false) as needs_apps,
        -- A report more than 7 days older than the user's newest one does not cover what happened since, nor one that reaches less far back than the threshold.
        needs_exchange and (coalesce(exchange_days < inactive_after_days, true) or is_on_premises) as lacks_exchange,
        needs_onedrive and (coalesce(onedrive_days < inactive_after_days, true)) as lacks_onedrive,
        needs_sharepoint and (coalesce(sharepoint_days < inactive_after_days, true)) as lacks_sharepoint,
        needs_teams and (coalesce(teams_days < inactive_after_days, true)) as lacks_teams,
        needs_yammer and (coalesce(yammer_days < inactive_after_days, true)) as lacks_yammer,
        false as lacks_skype,
        -- Of somebody who needs no workload the report that tells most.
        coalesce(
            least(
                case when needs_exchange then exchange_days end,
                case when needs_onedrive then onedrive_days end,
                case when needs_sharepoint then sharepoint_days end,
                case when needs_teams then teams_days end,
                case when needs_yammer then yammer_days end
            ),
            greatest(case when not is_on_premises then exchange_days end, onedrive_days, sharepoint_days, teams_days, yammer_days, skype_days)
        ) as known_days,
        coalesce(apps_days >= reclaim_after_days and apps_reach >= report_reach - 7, false) as is_office_reported,
        coverage.*,
        parameters.*,
    from intermediate.person_facts as facts
    cross join coverage
    cross join parameters
),

dated as (
    select
        *,
        last_any_sign_in_at::date as last_any_sign_in_date,
        greatest(last_successful_sign_in_at, last_log_sign_in_at)::date as last_sign_in_date,
        -- A success later than all interactive sign-ins was none of these.
        greatest(
            last_person_sign_in_at::date,
            case
                when last_successful_sign_in_at::date > coalesce(last_tried_at::date, date '0001-01-01') and last_successful_sign_in_at::date <= last_background_sign_in_at::date then null
                else last_successful_sign_in_at::date
            end
        ) as last_person_sign_in_date,
        lacks_exchange or lacks_onedrive or lacks_sharepoint or lacks_teams or lacks_yammer as is_uncovered,
        -- What the person did, and neither an application nor anybody else.
        greatest(
            exchange_person_date,
            onedrive_person_date,
            sharepoint_last_activity_date,
            teams_last_activity_date,
            yammer_last_activity_date,
            skype_last_activity_date,
            apps_last_activity_date,
            copilot_last_activity_date,
            teams_device_last_activity_date,
            email_app_last_activity_date,
            yammer_device_last_activity_date,
            last_person_sign_in_date
        ) as own_use_date,
        greatest(own_use_date, exchange_last_activity_date, onedrive_last_activity_date, last_sign_in_date) as last_activity_date,
        -- Nobody signed in here as far back as Entra has it: since April 2020.
        is_speaking
        and last_any_sign_in_at is null
        and last_activity_date is null
        and not coalesce(has_earlier_use, false)
        and account_kind in ('Person', 'Guest', 'Unknown')
        and created_at::date < least(export_reach, as_of) - greatest(30, inactive_after_days) as is_unseen,
        case
            when last_any_sign_in_at is not null or last_activity_date is not null then false
            when is_unseen and created_at >= timestamp '2020-05-01' then true
        end as never_signed_in,
        coalesce(is_unseen and created_at < timestamp '2020-05-01', false) as is_unseen_since_2020,
    from evidence
),

counted as (
    select
        *,
        case own_use_date
            when last_person_sign_in_date then 'Sign-in'
            when teams_last_activity_date then 'Teams'
            when exchange_person_date then 'Exchange'
            when sharepoint_last_activity_date then 'SharePoint'
            when onedrive_person_date then 'OneDrive'
            when yammer_last_activity_date then 'Yammer'
            when skype_last_activity_date then 'Skype'
            when apps_last_activity_date then 'Microsoft 365 apps'
            when copilot_last_activity_date then 'Copilot'
            when teams_device_last_activity_date then 'Teams (device)'
            when email_app_last_activity_date then 'Exchange (email app)'
            when yammer_device_last_activity_date then 'Yammer (device)'
        end as own_use_source,
        case last_activity_date
            when own_use_date then own_use_source
            when last_sign_in_date then 'Background sign-in'
            when exchange_last_activity_date then 'Exchange (account)'
            when onedrive_last_activity_date then 'OneDrive (account)'
        end as last_activity_source,
        coalesce(workload_reach >= report_reach - 7 and known_days >= inactive_after_days, false) and not is_uncovered as is_covered,
        case
            when is_speaking and last_any_sign_in_at is not null or last_successful_sign_in_at is not null or never_signed_in or is_unseen_since_2020
                then least(export_reach, as_of)
        end as sign_in_reach,
        greatest(report_reach, sign_in_reach) as newest_reach,
        case
            when never_signed_in then sign_in_reach - created_at::date
            when is_unseen_since_2020 then sign_in_reach - date '2020-05-01'
            when is_speaking then sign_in_reach - greatest(last_any_sign_in_date, last_activity_date)
        end as days_without_sign_in,
        coalesce(days_without_sign_in > inactive_after_days, false) as is_idle,
    from dated
),

-- How far the evidence reaches. Of reports and sign-ins that are more than 7 days apart only those count that settle the matter.
reached as (
    select
        *,
        greatest(last_activity_date, coalesce(
            case
                when newest_reach - last_activity_date <= inactive_after_days then newest_reach
                when abs(report_reach - sign_in_reach) <= 7 or is_covered and is_idle then newest_reach
                when is_idle then sign_in_reach
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
        coalesce(coalesce(activity_as_of, export_reach) - maybe_used_date <= inactive_after_days, false) as is_maybe_used,
        case
            when activity_as_of - last_activity_date <= inactive_after_days then 'Active'
            -- Anything at all can disprove activity, a failed sign-in too.
            when never_signed_in then 'No activity'
            when is_idle then 'Inactive'
            when not is_covered then 'Not Available'
            when is_maybe_used then 'Not Available'
            when coalesce(last_activity_date, maybe_used_date) is not null then 'Inactive'
            when has_earlier_use then 'Not Available'
            -- What was before is not known.
            when known_days < reclaim_after_days then 'Inactive'
            else 'No activity'
        end as activity_status,
        activity_status in ('Inactive', 'No activity') and needs_apps and not is_office_reported and not is_speaking as is_office_unreported,
        coalesce(last_activity_source = 'Background sign-in' and activity_as_of - own_use_date <= inactive_after_days, false) as is_own_use,
    from reached
),

-- An application that signs in for the user tells of use only where nothing of the user's own does.
told as (
    select * replace (
        case when is_own_use then own_use_date else last_activity_date end as last_activity_date,
        case when is_own_use then own_use_source else last_activity_source end as last_activity_source,
        activity_as_of - case when is_own_use then own_use_date else last_activity_date end as days_since_last_activity
    )
    from judged
)

select
    *,
    activity_as_of < users_date - 7 as is_evidence_old,
    -- The days for which it is sure that nothing was used.
    greatest(
        days_without_sign_in,
        case when is_covered and coalesce(known_days >= reclaim_after_days, true) and workload_reach >= users_date - 7 then activity_as_of - greatest(last_activity_date, maybe_used_date) end
    ) as days_unused,
    case
        when activity_status = 'Active' and last_activity_source = 'Sign-in' then 'Signed in within ' || inactive_after_days || ' days'
        when activity_status = 'Active' and last_activity_source = 'Background sign-in' then 'An application signed in for the user within ' || inactive_after_days || ' days'
        when activity_status = 'Active' and last_activity_source like '%(account)'
            then 'Used ' || replace(last_activity_source, ' (account)', '') || ' within ' || inactive_after_days || ' days, by the date of the account, which others can move'
        when activity_status = 'Active' then 'Used ' || last_activity_source || ' within ' || inactive_after_days || ' days'
        else concat_ws('; ',
            case
                when activity_status = 'No activity' and never_signed_in then 'Never signed in: neither signInActivity, which has others, nor a report or log shows any use'
                when activity_status = 'No activity' then 'The reports show no use of any workload'
                when activity_status = 'Inactive' and is_unseen_since_2020 then 'No sign-in is recorded since April 2020'
                when activity_status = 'Inactive' and is_idle
                    then case when has_background then 'Newest sign-in of any kind' else 'Newest interactive or successful sign-in' end || ' is older than ' || inactive_after_days || ' days'
                when activity_status = 'Inactive' and known_days < reclaim_after_days
                    then 'No use of any covered workload within ' || inactive_after_days || ' days; earlier unknown, as a report reaches back ' || known_days || ' days'
                when activity_status = 'Inactive' then 'No use of any covered workload within ' || inactive_after_days || ' days'
                when not has_reports and has_other_reports then 'No usage report on a workload was supplied; those on devices and applications cannot show inactivity'
                when not has_reports and not has_sign_ins and export_reach is null then 'No usage report and no sign-ins were supplied'
                when not has_reports then 'No usage report was supplied'
                when workload_reach is null and created_at::date > newest_refresh_date then 'Created after the usage reports were made'
                when workload_reach is null and has_concealed then 'The usage reports conceal names'
                when workload_reach is null and is_in_other_reports then 'In no supplied usage report on a workload; those on devices and applications cannot show inactivity'
                when workload_reach is null then 'In no supplied usage report'
                when is_covered and is_maybe_used then 'The reports show no recent use, but there was a sign-in that the export does not call successful or failed'
                when is_covered then 'The usage reports show use only from before the account was created'
                when not is_uncovered then 'No usage report on a workload that names the user reaches back ' || inactive_after_days || ' days from the newest use'
                else 'For this user no supplied usage report covers ' || concat_ws(', ',
                    case when lacks_exchange then 'Exchange' || case when is_on_premises then ' (its mailbox is on premises)' else coalesce(' for more than ' || nullif(exchange_days, 100000) || ' days', ' after ' || exchange_reach, '') end end,
                    case when lacks_onedrive then 'OneDrive' || coalesce(' for more than ' || nullif(onedrive_days, 100000) || ' days', ' after ' || onedrive_reach, '') end,
                    case when lacks_sharepoint then 'SharePoint' || coalesce(' for more than ' || nullif(sharepoint_days, 100000) || ' days', ' after ' || sharepoint_reach, '') end,
                    case when lacks_teams then 'Teams' || coalesce(' for more than ' || nullif(teams_days, 100000) || ' days', ' after ' || teams_reach, '') end,
                    case when lacks_yammer then 'Yammer' || coalesce(' for more than ' || nullif(yammer_days, 100000) || ' days', ' after ' || yammer_reach, '') end
                )
            end,
            case when activity_status = 'Not Available' and is_uncovered and is_denied then 'a report says that there is no license for it' end,
            -- Why the sign-ins do not tell either.
            case
                when activity_status <> 'Not Available' or is_covered then null
                when is_maybe_used then 'there was a recent sign-in that the export does not call successful or failed'
                when is_activity_lost then 'signInActivity was lost at export, and so says nothing'
                when last_any_sign_in_at is not null and is_unreliable then 'signInActivity is missing for people with use, and so says nothing'
                when last_any_sign_in_at is not null and not can_speak then 'interactive sign-ins alone cannot show inactivity'
                when last_any_sign_in_at is not null or has_sign_ins and export_reach is null and not has_reports then 'sign-ins alone cannot show inactivity'
            end,
            case when is_office_unreported then 'Office use not reported' || coalesce(' for more than ' || nullif(apps_days, 100000) || ' days', '') end
        )
    end as activity_status_reason,
from told
