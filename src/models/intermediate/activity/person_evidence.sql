-- One row per person whom rows of usage reports or sign-ins belong to: how far the reports reach, the newest use of each workload in them, and storage.
-- materialize: at the latest date
with

summed as (
    select
        person_key,
        max(report_refresh_date) as report_reach,
        max(report_refresh_date) filter (covers_exchange or exchange_last_activity_date is not null) as exchange_reach,
        max(report_refresh_date) filter (covers_onedrive or onedrive_last_activity_date is not null) as onedrive_reach,
        max(report_refresh_date) filter (covers_sharepoint or sharepoint_last_activity_date is not null) as sharepoint_reach,
        max(report_refresh_date) filter (covers_teams or teams_last_activity_date is not null) as teams_reach,
        max(report_refresh_date) filter (covers_yammer or yammer_last_activity_date is not null) as yammer_reach,
        max(report_refresh_date) filter (covers_skype or skype_last_activity_date is not null) as skype_reach,
        max(exchange_last_activity_date) as exchange_last_activity_date,
        max(onedrive_last_activity_date) as onedrive_last_activity_date,
        max(sharepoint_last_activity_date) as sharepoint_last_activity_date,
        max(teams_last_activity_date) as teams_last_activity_date,
        max(yammer_last_activity_date) as yammer_last_activity_date,
        max(skype_last_activity_date) as skype_last_activity_date,
        max(exchange_license_assign_date) as exchange_license_assign_date,
        max(onedrive_license_assign_date) as onedrive_license_assign_date,
        max(sharepoint_license_assign_date) as sharepoint_license_assign_date,
        max(teams_license_assign_date) as teams_license_assign_date,
        max(yammer_license_assign_date) as yammer_license_assign_date,
        max(skype_license_assign_date) as skype_license_assign_date,
        -- Others can move the dates of a mailbox and of a OneDrive: a delegate, whom a file was shared with.
        max(exchange_last_activity_date) filter (dataset <> 'mailbox_usage_detail') as exchange_person_date,
        max(onedrive_last_activity_date) filter (dataset <> 'onedrive_usage_account_detail') as onedrive_person_date,
        -- The newest report with a date, and the set of those whose empty date says that there was no use.
        max(report_refresh_date) filter (exchange_last_activity_date is not null) as exchange_dated,
        coalesce(bit_or(edition) filter (covers_exchange and exchange_last_activity_date is null), 0) as exchange_silence,
        max(report_refresh_date) filter (onedrive_last_activity_date is not null) as onedrive_dated,
        coalesce(bit_or(edition) filter (covers_onedrive and onedrive_last_activity_date is null), 0) as onedrive_silence,
        max(report_refresh_date) filter (sharepoint_last_activity_date is not null) as sharepoint_dated,
        coalesce(bit_or(edition) filter (covers_sharepoint and sharepoint_last_activity_date is null), 0) as sharepoint_silence,
        max(report_refresh_date) filter (teams_last_activity_date is not null) as teams_dated,
        coalesce(bit_or(edition) filter (covers_teams and teams_last_activity_date is null), 0) as teams_silence,
        max(report_refresh_date) filter (yammer_last_activity_date is not null) as yammer_dated,
        coalesce(bit_or(edition) filter (covers_yammer and yammer_last_activity_date is null), 0) as yammer_silence,
        max(report_refresh_date) filter (skype_last_activity_date is not null) as skype_dated,
        coalesce(bit_or(edition) filter (covers_skype and skype_last_activity_date is null), 0) as skype_silence,
        bool_or(earlier_use_date is not null) as has_earlier_use,
        max(last_sign_in_at) as last_log_sign_in_at,
        -- Of several names of the user the one that matches best: the others may be shared boxes.
        coalesce(
            sum(mailbox_storage_bytes) filter (is_newest and matched_by in ('Object id', 'UPN')),
            sum(mailbox_storage_bytes) filter (is_newest and matched_by = 'Earlier UPN'),
            sum(mailbox_storage_bytes) filter (is_newest)
        )::bigint as mailbox_storage_bytes,
        coalesce(
            sum(onedrive_storage_bytes) filter (is_newest and matched_by in ('Object id', 'UPN')),
            sum(onedrive_storage_bytes) filter (is_newest and matched_by = 'Earlier UPN'),
            sum(onedrive_storage_bytes) filter (is_newest)
        )::bigint as onedrive_storage_bytes,
    from intermediate.evidence
    where unmatched_reason is null
    group by all
),

editions as (
    select
        list({edition: edition, refresh_date: refresh_date, reach_days: reach_days}) filter (workload = 'exchange') as exchange,
        list({edition: edition, refresh_date: refresh_date, reach_days: reach_days}) filter (workload = 'onedrive') as onedrive,
        list({edition: edition, refresh_date: refresh_date, reach_days: reach_days}) filter (workload = 'sharepoint') as sharepoint,
        list({edition: edition, refresh_date: refresh_date, reach_days: reach_days}) filter (workload = 'teams') as teams,
        list({edition: edition, refresh_date: refresh_date, reach_days: reach_days}) filter (workload = 'yammer') as yammer,
        list({edition: edition, refresh_date: refresh_date, reach_days: reach_days}) filter (workload = 'skype') as skype,
    from intermediate.column_reach as reach
    join (select distinct snapshot_id, edition from intermediate.report_editions) as numbered using (snapshot_id)
),

-- Few sets are different. Of several editions one decides that reaches far enough back, and none more than 7 days older than the newest.
silences as (
    select distinct
        report_reach,
        exchange_silence,
        onedrive_silence,
        sharepoint_silence,
        teams_silence,
        yammer_silence,
        skype_silence,
    from summed
),

reached as (
    select
        silences.*,
        list_max([e.reach_days for e in editions.exchange if e.edition & exchange_silence > 0 and e.refresh_date >= report_reach - 7]) as exchange_silent_days,
        list_max([e.reach_days for e in editions.onedrive if e.edition & onedrive_silence > 0 and e.refresh_date >= report_reach - 7]) as onedrive_silent_days,
        list_max([e.reach_days for e in editions.sharepoint if e.edition & sharepoint_silence > 0 and e.refresh_date >= report_reach - 7]) as sharepoint_silent_days,
        list_max([e.reach_days for e in editions.teams if e.edition & teams_silence > 0 and e.refresh_date >= report_reach - 7]) as teams_silent_days,
        list_max([e.reach_days for e in editions.yammer if e.edition & yammer_silence > 0 and e.refresh_date >= report_reach - 7]) as yammer_silent_days,
        list_max([e.reach_days for e in editions.skype if e.edition & skype_silence > 0 and e.refresh_date >= report_reach - 7]) as skype_silent_days,
    from silences
    cross join editions
)

select
    summed.* exclude (
        exchange_dated,
        exchange_silence,
        onedrive_dated,
        onedrive_silence,
        sharepoint_dated,
        sharepoint_silence,
        teams_dated,
        teams_silence,
        yammer_dated,
        yammer_silence,
        skype_dated,
        skype_silence
    ),
    -- For how many days it is known whether there was use; a date stands for all.
    greatest(case when exchange_dated >= summed.report_reach - 7 then 100000 end, exchange_silent_days) as exchange_days,
    greatest(case when onedrive_dated >= summed.report_reach - 7 then 100000 end, onedrive_silent_days) as onedrive_days,
    greatest(case when sharepoint_dated >= summed.report_reach - 7 then 100000 end, sharepoint_silent_days) as sharepoint_days,
    greatest(case when teams_dated >= summed.report_reach - 7 then 100000 end, teams_silent_days) as teams_days,
    greatest(case when yammer_dated >= summed.report_reach - 7 then 100000 end, yammer_silent_days) as yammer_days,
    greatest(case when skype_dated >= summed.report_reach - 7 then 100000 end, skype_silent_days) as skype_days,
from summed
left join reached using (report_reach, exchange_silence, onedrive_silence, sharepoint_silence, teams_silence, yammer_silence, skype_silence)
