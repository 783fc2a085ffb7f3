-- One row per person: the evidence of activity before any threshold, and what the exports as a whole can tell.
-- materialize: at the latest date
with

-- Without names: they would be carried through every step. Outputs join them at their end.
people as materialized (
    select
        people.person_key,
        people.user_id,
        people.account_enabled,
        people.is_licensed,
        people.created_at,
        people.source_file_id,
        people.last_any_sign_in_at,
        people.last_successful_sign_in_at,
        people.last_interactive_sign_in_at,
        people.last_background_sign_in_at,
        kinds.* exclude (person_key),
    from intermediate.people as people
    left join intermediate.account_kinds as kinds using (person_key)
),

workloads as materialized (
    select
        user_id,
        needs_exchange as has_exchange_plan,
        needs_onedrive as has_onedrive_plan,
        needs_sharepoint as has_sharepoint_plan,
        needs_teams as has_teams_plan,
        needs_yammer as has_yammer_plan,
        needs_apps as has_apps_plan,
    from intermediate.user_workloads
),

-- Read more than once, and computed once.
summed as materialized (
    select * from intermediate.person_evidence
),

-- Up to which day the users export has sign-ins of anybody.
export as (
    select max(last_any_sign_in_at)::date as export_reach from people
),

-- Interactive times alone say nothing of whoever only uses what runs by itself. Entra notes successes since December 2023.
speaking_files as (
    select
        source_file_id,
        count(last_background_sign_in_at) > 0 as has_background,
        has_background or count(*) filter (last_successful_sign_in_at >= timestamp '2023-12-01') > 0 as can_speak,
    from people
    where source_file_id is not null
    group by all
),

-- Whom reports or the log show in use, by more than a date that others can move, must have signed in.
compared_files as (
    select
        people.source_file_id,
        count(*) as used_people,
        count(*) filter (people.last_any_sign_in_at is null) as silent_people,
    from people
    join summed using (person_key)
    cross join export
    where people.account_enabled
      and people.account_kind in ('Person', 'Unknown')
      and least(
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
          last_log_sign_in_at::date
      ) <= export_reach
    group by all
),

files as (
    select
        *,
        coalesce(silent_people >= 2 and silent_people * 100 >= used_people, false) as is_unreliable,
        -- Who lost it at export may have signed in.
        coalesce(records_lost > 0, false) as is_activity_lost,
    from speaking_files
    left join compared_files using (source_file_id)
    left join (
        select source_file_id, records_lost from meta.source_properties where property = 'signInActivity'
    ) as lost
      using (source_file_id)
    cross join export
),

reports as (
    select
        max(refresh_date) as newest_refresh_date,
        coalesce(bool_or(has_concealed), false) as has_concealed,
    from intermediate.column_reach
    where dataset in (select dataset from meta.activity_reports)
      and snapshot_id in (select snapshot_id from intermediate.report_editions)
),

log as (
    select max(signed_in_at)::date as log_reach from intermediate.current_sign_ins
),

-- Where no user at all has it, the export left lastSuccessfulSignInDateTime out.
success as (
    select count(last_successful_sign_in_at) > 0 as has_success from people
),

-- Workloads of which no report has a date in any row; few or none.
dateless as (
    select
        workload,
        dataset,
        edition,
        max(reach_days) as reach_days,
    from intermediate.column_reach as reach
    join (select distinct snapshot_id, edition from intermediate.report_editions) as numbered using (snapshot_id)
    where workload in ('exchange', 'onedrive', 'sharepoint', 'teams', 'yammer')
      and is_whole
      and workload not in (select workload from intermediate.column_reach where span_days is not null)
      and refresh_date >= (select newest_refresh_date from reports) - 7
    group by all
),

holders as (
    select
        people.person_key,
        unnest([
            case when has_exchange_plan then 'exchange' end,
            case when has_onedrive_plan then 'onedrive' end,
            case when has_sharepoint_plan then 'sharepoint' end,
            case when has_teams_plan then 'teams' end,
            case when has_yammer_plan then 'yammer' end
        ]) as workload,
    from people
    join workloads using (user_id)
    where people.account_enabled is distinct from false
      and exists (from dateless)
),

-- Of these the ones of which a report names nearly all holders.
named as (
    select
        dateless.workload,
        dateless.reach_days,
    from holders
    join dateless using (workload)
    left join summed using (person_key)
    group by dateless.workload, dateless.dataset, dateless.edition, dateless.reach_days
    having count(*) filter (summed.named_editions & dateless.edition > 0) * 10 >= count(*) * 9
),

unused as (
    select
        max(reach_days) filter (workload = 'exchange') as exchange_unused_days,
        max(reach_days) filter (workload = 'onedrive') as onedrive_unused_days,
        max(reach_days) filter (workload = 'sharepoint') as sharepoint_unused_days,
        max(reach_days) filter (workload = 'teams') as teams_unused_days,
        max(reach_days) filter (workload = 'yammer') as yammer_unused_days,
    from named
)

select
    people.person_key,
    people.user_id,
    people.account_enabled,
    people.is_licensed,
    people.created_at,
    people.account_kind,
    people.mailbox_type,
    people.is_exported_type,
    people.has_litigation_hold,
    people.has_in_place_hold,
    people.has_delay_hold,
    people.has_label_hold,
    people.has_archive,
    people.source_file_id,
    people.last_any_sign_in_at,
    people.last_interactive_sign_in_at as last_tried_at,
    people.last_background_sign_in_at,
    people.last_successful_sign_in_at,
    greatest(people.last_interactive_sign_in_at, summed.last_interactive_sign_in_at) as last_interactive_sign_in_at,
    summed.* exclude (person_key, last_interactive_sign_in_at, named_editions),
    workloads.* exclude (user_id),
    -- Exchange Online has no mailbox of them: an empty date there says nothing.
    coalesce(people.mailbox_type = 'MailUser' or people.mailbox_type like 'Remote%Mailbox', false) and exchange_last_activity_date is null as is_on_premises,
    files.* exclude (source_file_id, records_lost),
    coalesce(can_speak and not is_unreliable and not is_activity_lost, false) as is_speaking,
    unused.*,
    reports.*,
    log.*,
    success.*,
from people
left join workloads
  on people.user_id = workloads.user_id
left join summed
  on people.person_key = summed.person_key
left join files
  on people.source_file_id = files.source_file_id
cross join unused
cross join reports
cross join log
cross join success
