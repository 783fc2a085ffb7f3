-- One row per user and SKU: the license, since when and how it is used by the user, why it could be reclaimed and what speaks against that.
with

parameters as (
    select * from intermediate.parameters
),

licenses as (
    select * from intermediate.license_paths
),

plans as (
    select * from intermediate.set_facts
),

activity as (
    select
        user_id,
        account_enabled,
        created_at,
        activity_status,
        last_activity_date,
        days_unused,
        days_without_sign_in,
        never_signed_in,
        is_unseen_since_2020,
        is_office_unreported,
        is_speaking,
        account_kind,
        mailbox_type,
        is_exported_type,
        has_litigation_hold,
        has_in_place_hold,
        has_delay_hold,
        has_label_hold,
        has_archive,
        activity_as_of,
        is_evidence_old,
        has_earlier_use,
        report_reach,
        workload_reach,
        needs_exchange,
        needs_onedrive,
        needs_sharepoint,
        needs_teams,
        needs_yammer,
        exchange_last_activity_date,
        onedrive_last_activity_date,
        sharepoint_last_activity_date,
        teams_last_activity_date,
        yammer_last_activity_date,
        skype_last_activity_date,
        lacks_exchange,
        lacks_onedrive,
        lacks_sharepoint,
        lacks_teams,
        lacks_yammer,
        known_days,
        exchange_days,
        onedrive_days,
        sharepoint_days,
        teams_days,
        yammer_days,
        exchange_license_assign_date,
        onedrive_license_assign_date,
        sharepoint_license_assign_date,
        teams_license_assign_date,
        yammer_license_assign_date,
        skype_license_assign_date,
        mailbox_storage_bytes,
        greatest(last_any_sign_in_at, last_log_sign_in_at) is not null as has_own_sign_in,
    from intermediate.person_activity
),

policies as (
    select * from intermediate.license_policies
),

joined as (
    select
        licenses.* exclude (license_set),
        activity.* exclude (user_id),
        plans.* exclude (license_set, sku_id),
        case when plans.are_all_plans_known then dates.plan_date end as plans_assigned_date,
        -- A workload that another SKU of the user brings too may have come with that one.
        case
            when plans.are_all_plans_known then greatest(
                case when has_exchange and exchange_skus = 1 then exchange_license_assign_date end,
                case when has_onedrive and onedrive_skus = 1 then onedrive_license_assign_date end,
                case when has_sharepoint and sharepoint_skus = 1 then sharepoint_license_assign_date end,
                case when has_teams and teams_skus = 1 then teams_license_assign_date end,
                case when has_yammer and yammer_skus = 1 then yammer_license_assign_date end,
                case when has_skype and skype_skus = 1 then skype_license_assign_date end
            )
        end as reported_date,
        first_seen.first_seen_date,
        first_seen.not_seen_date,
        -- What an earlier export shows the user without came after it, whatever is older.
        case
            when greatest(plans_assigned_date, reported_date) <= not_seen_date then first_seen_date
            else coalesce(plans_assigned_date, reported_date, first_seen_date)
        end as assigned_at,
        coalesce(user_policies.after_days, sku_policies.after_days, reclaim_after_days) as after_days,
        coalesce(user_policies.exclusion, sku_policies.exclusion) as exclusion,
        -- Such a mailbox needs no license of its own.
        case
            when mailbox_type like '%SharedMailbox' then 'Shared mailbox'
            when regexp_matches(mailbox_type, '(Room|Equipment)Mailbox$') then 'Room or equipment'
        end as mailbox_kind,
        disabled.is_long_disabled,
        app_use.* exclude (user_id),
        parameters.inactive_after_days,
        parameters.reclaim_after_days,
        -- Whose account is disabled cannot sign in.
        not has_own_sign_in and account_enabled is distinct from false and not is_speaking as is_own_sign_in_unknown,
    from licenses
    join activity using (user_id)
    left join plans using (license_set, sku_id)
    left join intermediate.plan_dates as dates using (user_id, sku_id)
    left join intermediate.license_first_seen as first_seen using (user_id, sku_id)
    left join policies as user_policies using (user_id, sku_id)
    left join policies as sku_policies
      on sku_policies.user_id is null
     and sku_policies.sku_id = licenses.sku_id
    left join intermediate.disabled_accounts as disabled using (user_id)
    left join intermediate.app_use as app_use using (user_id)
    cross join parameters
),

-- What the use of this very product shows: of its workloads, or of Office applications and Copilot, as far as it alone brings them.
used as (
    select
        *,
        has_exchange or has_onedrive or has_sharepoint or has_teams or has_yammer or has_skype as has_workload,
        has_workload or has_apps or has_copilot as is_monitored,
        -- A workload that is left out tells where a report does.
        gives_exchange and (needs_exchange or exchange_days is not null) as tells_exchange,
        gives_onedrive and (needs_onedrive or onedrive_days is not null) as tells_onedrive,
        gives_sharepoint and (needs_sharepoint or sharepoint_days is not null) as tells_sharepoint,
        gives_teams and (needs_teams or teams_days is not null) as tells_teams,
        gives_yammer and (needs_yammer or yammer_days is not null) as tells_yammer,
        gives_skype and skype_last_activity_date is not null as tells_skype,
        tells_exchange or tells_onedrive or tells_sharepoint or tells_teams or tells_yammer or tells_skype as tells_workload,
        coalesce(tells_workload or gives_apps or gives_copilot, false) as is_own_monitored,
        greatest(
            case when tells_exchange then exchange_last_activity_date end,
            case when tells_onedrive then onedrive_last_activity_date end,
            case when tells_sharepoint then sharepoint_last_activity_date end,
            case when tells_teams then teams_last_activity_date end,
            case when tells_yammer then yammer_last_activity_date end,
            case when tells_skype then skype_last_activity_date end,
            case when gives_apps then apps_date end,
            case when gives_copilot then copilot_date end
        ) as sku_last_activity_date,
        greatest(
            case when tells_workload then workload_reach end,
            case when gives_apps then apps_reach end,
            case when gives_copilot then copilot_reach end
        ) as sku_reach,
        -- The six workloads of the reports must all be covered; Office applications and Copilot only where the SKU has nothing else.
        case
            when tells_workload then not coalesce(workload_reach >= report_reach - 7, false)
            or (tells_exchange and lacks_exchange)
            or (tells_onedrive and lacks_onedrive)
            or (tells_sharepoint and lacks_sharepoint)
            or (tells_teams and lacks_teams)
            or (tells_yammer and lacks_yammer)
            else (gives_apps and coalesce(apps_days < inactive_after_days, true)) or (gives_copilot and coalesce(copilot_days < inactive_after_days, true))
        end as is_sku_uncovered,
        case
            when tells_workload then least(
                case when tells_exchange then exchange_days end,
                case when tells_onedrive then onedrive_days end,
                case when tells_sharepoint then sharepoint_days end,
                case when tells_teams then teams_days end,
                case when tells_yammer then yammer_days end
            )
            else least(case when gives_apps then apps_days end, case when gives_copilot then copilot_days end)
        end as sku_known_days,
        -- No reason rests on reports that do not reach back so far, nor on one that names the user and cannot say when the applications were used.
        days_without_sign_in > after_days
        or (
            coalesce(known_days >= after_days, false)
            and (apps_reach is null or apps_days is not null)
            and (copilot_reach is null or copilot_days is not null)
            and (coalesce(has_workload, true) or coalesce(least(case when has_apps then apps_days end, case when has_copilot then copilot_days end) >= after_days, true))
        ) as is_reach_enough,
        -- Nothing is concluded from the silence of an account or a license that is younger than the threshold,
        -- nor of somebody who used something since.
        activity_as_of - assigned_at <= after_days
        or activity_as_of - created_at::date <= after_days
        or activity_as_of - greatest(last_activity_date, apps_date, copilot_date) <= after_days as is_young,
        not coalesce(is_evidence_old, false) and not coalesce(is_young, false) and coalesce(is_reach_enough, false) as is_silence_known,
        -- What a mailbox that needs no license has of the SKU beside the mailbox.
        greatest(
            case when has_onedrive then onedrive_last_activity_date end,
            case when has_sharepoint then sharepoint_last_activity_date end,
            case when has_teams then teams_last_activity_date end,
            case when has_yammer then yammer_last_activity_date end,
            case when has_skype then skype_last_activity_date end,
            case when has_apps then apps_date end,
            case when has_copilot then copilot_date end
        ) as other_use_date,
        coalesce(
            (has_onedrive and coalesce(onedrive_days < after_days, true))
            or (has_sharepoint and coalesce(sharepoint_days < after_days, true))
            or (has_teams and coalesce(teams_days < after_days, true))
            or (has_yammer and coalesce(yammer_days < after_days, true))
            or (has_apps and coalesce(apps_days < after_days, true))
            or (has_copilot and coalesce(copilot_days < after_days, true)),
            true
        )
        and account_enabled is distinct from false
        and not coalesce(days_without_sign_in > after_days, false) as is_other_use_unknown,
    from joined
),

-- It is read twice, and so kept with all of its columns: what they are only needed for is judged here.
aged as (
    select
        user_id,
        sku_id,
        holding,
        consumes_unit,
        assignment_path,
        assignment_state,
        account_enabled,
        activity_status,
        last_activity_date,
        days_unused,
        activity_as_of,
        after_days,
        disabled_plans,
        duplicate_of_sku_id,
        assigned_at,
        case assigned_at
            when plans_assigned_date then 'Service plans'
            when reported_date then 'Usage report'
            when first_seen_date then 'First snapshot'
        end as assigned_at_source,
        sku_last_activity_date,
        case
            when not coalesce(consumes_unit, false) then null
            when are_plans_known and not is_monitored then 'Not monitored'
            when not coalesce(are_all_plans_known, false) then 'Not Available'
            when not is_own_monitored then 'Not monitored'
            when sku_reach - sku_last_activity_date <= inactive_after_days then 'Active'
            when never_signed_in then 'No activity'
            when days_without_sign_in > inactive_after_days then 'Inactive'
            when is_sku_uncovered or sku_known_days < inactive_after_days then 'Not Available'
            when sku_last_activity_date is not null then 'Inactive'
            when has_earlier_use then 'Not Available'
            when sku_known_days < reclaim_after_days then 'Inactive'
            else 'No activity'
        end as sku_activity_status,
        exclusion,
        -- Of a resource account a duplicate alone is worth taking back.
        coalesce(account_kind = 'Resource account', false) as is_resource,
        -- Without any of these nobody can say that there is no reason.
        -- Whom the policy excludes is not counted in any case.
        exclusion is null
        and (
            coalesce(is_duplicate_unknown, false)
            or not is_resource
            and (
                account_enabled is null
                or activity_status = 'Not Available'
                or coalesce(is_evidence_old, false)
                or (activity_status in ('Inactive', 'No activity') and not coalesce(is_reach_enough, false) and not coalesce(is_young, false))
                or (activity_status = 'No activity' and created_at is null and not coalesce(is_young, false))
                or (mailbox_kind is not null and not coalesce(are_plans_known, false))
            )
        ) as is_reclaim_unknown,
        -- Where the plans are not known, each SKU may bring a mailbox.
        coalesce(has_exchange, true) as may_have_exchange,
        case
            when not coalesce(consumes_unit, false) or is_resource then null
            when mailbox_kind is not null and has_exchange and not coalesce(activity_as_of - other_use_date <= after_days, false) then mailbox_kind
            when account_enabled = false then 'Account disabled'
            when never_signed_in then case when not coalesce(is_young, false) and not coalesce(is_evidence_old, false) then 'Never signed in' end
            when is_silence_known and activity_status = 'No activity' and created_at is not null then 'No activity'
            when is_silence_known and activity_status = 'Inactive' and days_unused > after_days then 'Inactive'
        end as own_reason,
        case
            when may_have_exchange then nullif(concat_ws('; ',
                case when has_litigation_hold then 'Litigation hold' end,
                case when has_in_place_hold then 'In-place hold' end,
                case when has_delay_hold then 'Delay hold' end,
                case when has_label_hold then 'Retention label hold' end,
                case when has_archive then 'Archive mailbox' end,
                case when mailbox_storage_bytes > 50 * 1024::bigint ** 3 then 'Mailbox above 50 GB' end
            ), '')
        end as mailbox_blocker,
        -- What a person has to look at first, by the reason that it speaks of.
        case
            when own_reason in ('Never signed in', 'No activity', 'Inactive') then nullif(concat_ws('; ',
                case when own_reason = 'Never signed in' then 'Review: nobody has signed in with this account yet' end,
                case when own_reason = 'Inactive' and is_unseen_since_2020 then 'Review: no sign-in is recorded since April 2020' end,
                case when is_office_unreported then 'Review: Office use not reported' end,
                case when are_plans_known and not is_monitored then 'Review: no report tells of the use of this product' end,
                case when assigned_at is null then 'Review: since when the user has it is not known' end
            ), '')
            when own_reason = 'Account disabled' and not coalesce(is_long_disabled, false) then 'Review: no two exports 30 days apart show the account disabled'
            when own_reason in ('Shared mailbox', 'Room or equipment') then nullif(concat_ws('; ',
                case when not is_exported_type then 'Review: the mailbox type comes from the usage report' end,
                case
                    when mailbox_storage_bytes is null then 'Review: size of the mailbox was not supplied'
                    when mailbox_storage_bytes >= 45 * 1024::bigint ** 3 then 'Review: mailbox of 45 GB or more'
                end,
                case when has_archive is null then 'Review: whether the mailbox has an archive was not supplied' end,
                case when has_own_sign_in then 'Review: somebody signs in with this account' end,
                case when is_own_sign_in_unknown then 'Review: whether somebody signs in with this account was not supplied' end,
                case when is_other_use_unknown then 'Review: use of its other services is not known' end
            ), '')
        end as reason_caveat,
        case
            when not may_have_exchange then null
            when mailbox_type is null then 'Review: mailbox type was not supplied'
            when has_litigation_hold is null then 'Review: holds of the mailbox were not supplied'
            when has_in_place_hold is null or has_delay_hold is null or has_label_hold is null then 'Review: not all holds of the mailbox were supplied'
        end as mailbox_caveat,
    from used
),

containers as (
    select user_id, sku_id, own_reason as container_reason, consumes_unit as container_counts from aged
),

reasoned as (
    select
        aged.*,
        -- A duplicate of what is itself to be taken back would leave the user with nothing.
        coalesce(
            own_reason,
            case when aged.consumes_unit and duplicate_of_sku_id is not null and containers.container_counts and containers.container_reason is null then 'Duplicate product' end
        ) as reclaim_reason,
        -- With a duplicate no mailbox is lost: the other SKU keeps it.
        reclaim_reason <> 'Duplicate product' as is_mailbox_at_risk,
    from aged
    left join containers
      on containers.user_id = aged.user_id
     and containers.sku_id = aged.duplicate_of_sku_id
)

select
    * exclude (is_mailbox_at_risk, own_reason, may_have_exchange, is_resource, mailbox_blocker, mailbox_caveat, reason_caveat),
    case
        when reclaim_reason is not null
            then nullif(concat_ws('; ', 'Excluded by policy: ' || exclusion, case when is_mailbox_at_risk then mailbox_blocker end), '')
    end as hard_blocker,
    case
        when reclaim_reason is not null
            then nullif(concat_ws('; ', reason_caveat, case when is_mailbox_at_risk then mailbox_caveat end), '')
    end as caveats,
    case when reclaim_reason is not null then hard_blocker is null and caveats is not null end as needs_review,
from reasoned
