-- One row per person whom rows of usage reports or sign-ins belong to: how far the reports reach, the newest use of each workload in them, and storage.
with

evidence as (
    select
        *,
        -- Reports on devices and applications show use; that there was none they never show.
        dataset in (select dataset from meta.activity_reports) as is_on_workload,
        coalesce(
            apps_last_activity_date,
            copilot_last_activity_date,
            teams_device_last_activity_date,
            email_app_last_activity_date,
            yammer_device_last_activity_date
        ) is not null as shows_other_use,
    from intermediate.evidence
    where unmatched_reason is null
),

-- A condition inside of the sum: the engine keeps a copy of all columns for each filter.
summed as (
    select
        person_key,
        max(case when is_on_workload or shows_other_use then report_refresh_date end) as report_reach,
        max(case when is_on_workload then report_refresh_date end) as workload_reach,
        bool_or(not is_on_workload and dataset <> 'sign_ins') as is_in_other_reports,
        bit_or(edition) as named_editions,
        max(case when covers_exchange or exchange_last_activity_date is not null then report_refresh_date end) as exchange_reach,
        max(case when covers_onedrive or onedrive_last_activity_date is not null then report_refresh_date end) as onedrive_reach,
        max(case when covers_sharepoint or sharepoint_last_activity_date is not null then report_refresh_date end) as sharepoint_reach,
        max(case when covers_teams or teams_last_activity_date is not null then report_refresh_date end) as teams_reach,
        max(case when covers_yammer or yammer_last_activity_date is not null then report_refresh_date end) as yammer_reach,
        max(case when covers_skype or skype_last_activity_date is not null then report_refresh_date end) as skype_reach,
        max(case when dataset = 'm365_app_user_detail' then report_refresh_date end) as apps_reach,
        max(case when dataset = 'copilot_usage_user_detail' then report_refresh_date end) as copilot_reach,
        max(exchange_last_activity_date) as exchange_last_activity_date,
        max(onedrive_last_activity_date) as onedrive_last_activity_date,
        max(sharepoint_last_activity_date) as sharepoint_last_activity_date,
        max(teams_last_activity_date) as teams_last_activity_date,
        max(yammer_last_activity_date) as yammer_last_activity_date,
        max(skype_last_activity_date) as skype_last_activity_date,
        max(apps_last_activity_date) as apps_last_activity_date,
        max(copilot_last_activity_date) as copilot_last_activity_date,
        max(teams_device_last_activity_date) as teams_device_last_activity_date,
        max(email_app_last_activity_date) as email_app_last_activity_date,
        max(yammer_device_last_activity_date) as yammer_device_last_activity_date,
        max(exchange_license_assign_date) as exchange_license_assign_date,
        max(onedrive_license_assign_date) as onedrive_license_assign_date,
        max(sharepoint_license_assign_date) as sharepoint_license_assign_date,
        max(teams_license_assign_date) as teams_license_assign_date,
        max(yammer_license_assign_date) as yammer_license_assign_date,
        max(skype_license_assign_date) as skype_license_assign_date,
        -- Others can move the dates of a mailbox and of a OneDrive: a delegate, whom a file was shared with.
        max(case when dataset <> 'mailbox_usage_detail' then exchange_last_activity_date end) as exchange_person_date,
        max(case when dataset <> 'onedrive_usage_account_detail' then onedrive_last_activity_date end) as onedrive_person_date,
        -- The newest report with a date, and the set of those whose empty date says that there was no use.
        max(case when exchange_last_activity_date is not null and not denies_exchange then report_refresh_date end) as exchange_dated,
        coalesce(bit_or(case when covers_exchange and exchange_last_activity_date is null then edition end), 0) as exchange_silence,
        max(case when onedrive_last_activity_date is not null and not denies_onedrive then report_refresh_date end) as onedrive_dated,
        coalesce(bit_or(case when covers_onedrive and onedrive_last_activity_date is null then edition end), 0) as onedrive_silence,
        max(case when sharepoint_last_activity_date is not null and not denies_sharepoint then report_refresh_date end) as sharepoint_dated,
        coalesce(bit_or(case when covers_sharepoint and sharepoint_last_activity_date is null then edition end), 0) as sharepoint_silence,
        max(case when teams_last_activity_date is not null and not denies_teams then report_refresh_date end) as teams_dated,
        coalesce(bit_or(case when covers_teams and teams_last_activity_date is null then edition end), 0) as teams_silence,
        max(case when yammer_last_activity_date is not null and not denies_yammer then report_refresh_date end) as yammer_dated,
        coalesce(bit_or(case when covers_yammer and yammer_last_activity_date is null then edition end), 0) as yammer_silence,
        max(case when skype_last_activity_date is not null then report_refresh_date end) as skype_dated,
        coalesce(bit_or(case when covers_skype and skype_last_activity_date is null then edition end), 0) as skype_silence,
        max(case when apps_last_activity_date is not null then report_refresh_date end) as apps_dated,
        coalesce(bit_or(case when covers_apps and apps_last_activity_date is null then edition end), 0) as apps_silence,
        max(case when copilot_last_activity_date is not null then report_refresh_date end) as copilot_dated,
        coalesce(bit_or(case when covers_copilot and copilot_last_activity_date is null then edition end), 0) as copilot_silence,
        bool_or(denies_exchange or denies_onedrive or denies_sharepoint or denies_teams or denies_yammer) as is_denied,
        bool_or(earlier_use_date is not null) as has_earlier_use,
        max(last_sign_in_at) as last_log_sign_in_at,
        max(last_person_sign_in_at) as last_person_sign_in_at,
        max(last_interactive_sign_in_at) as last_interactive_sign_in_at,
        -- Of several names of the user the one that matches best: the others may be shared boxes.
        coalesce(
            sum(case when is_newest and matched_by in ('Object id', 'UPN') then mailbox_storage_bytes end),
            sum(case when is_newest and matched_by = 'Earlier UPN' then mailbox_storage_bytes end),
            sum(case when is_newest then mailbox_storage_bytes end)
        )::bigint as mailbox_storage_bytes,
        coalesce(
            sum(case when is_newest and matched_by in ('Object id', 'UPN') then onedrive_storage_bytes end),
            sum(case when is_newest and matched_by = 'Earlier UPN' then onedrive_storage_bytes end),
            sum(case when is_newest then onedrive_storage_bytes end)
        )::bigint as onedrive_storage_bytes,
    from evidence
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
        list({edition: edition, refresh_date: refresh_date, reach_days: reach_days}) filter (workload = 'apps') as apps,
        list({edition: edition, refresh_date: refresh_date, reach_days: reach_days}) filter (workload = 'copilot') as copilot,
    from intermediate.column_reach as reach
    join (select distinct snapshot_id, edition from intermediate.report_editions) as numbered using (snapshot_id)
    where is_whole
      and reach_days >= 0
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
        apps_silence,
        copilot_silence,
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
        list_max([e.reach_days for e in editions.apps if e.edition & apps_silence > 0]) as apps_silent_days,
        list_max([e.reach_days for e in editions.copilot if e.edition & copilot_silence > 0]) as copilot_silent_days,
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
        skype_silence,
        apps_dated,
        apps_silence,
        copilot_dated,
        copilot_silence
    ),
    -- For how many days it is known whether there was use; a date stands for all.
    greatest(case when exchange_dated >= summed.report_reach - 7 then 100000 end, exchange_silent_days) as exchange_days,
    greatest(case when onedrive_dated >= summed.report_reach - 7 then 100000 end, onedrive_silent_days) as onedrive_days,
    greatest(case when sharepoint_dated >= summed.report_reach - 7 then 100000 end, sharepoint_silent_days) as sharepoint_days,
    greatest(case when teams_dated >= summed.report_reach - 7 then 100000 end, teams_silent_days) as teams_days,
    greatest(case when yammer_dated >= summed.report_reach - 7 then 100000 end, yammer_silent_days) as yammer_days,
    greatest(case when skype_dated >= summed.report_reach - 7 then 100000 end, skype_silent_days) as skype_days,
    greatest(case when apps_dated is not null then 100000 end, apps_silent_days) as apps_days,
    greatest(case when copilot_dated is not null then 100000 end, copilot_silent_days) as copilot_days,
from summed
left join reached
  on reached.report_reach is not distinct from summed.report_reach
 and reached.exchange_silence = summed.exchange_silence
 and reached.onedrive_silence = summed.onedrive_silence
 and reached.sharepoint_silence = summed.sharepoint_silence
 and reached.teams_silence = summed.teams_silence
 and reached.yammer_silence = summed.yammer_silence
 and reached.skype_silence = summed.skype_silence
 and reached.apps_silence = summed.apps_silence
 and reached.copilot_silence = summed.copilot_silence
