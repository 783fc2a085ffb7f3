-- One row per person, column of `user_activity` and row of a report, sign-in or users record that was looked at for it.
with

persons as (
    select
        person_key,
        user_id,
        last_activity_date,
        exchange_last_activity_date,
        onedrive_last_activity_date,
        sharepoint_last_activity_date,
        teams_last_activity_date,
        yammer_last_activity_date,
        skype_last_activity_date,
        apps_last_activity_date,
        copilot_last_activity_date,
        teams_device_last_activity_date,
        email_app_last_activity_date,
        yammer_device_last_activity_date,
        last_any_sign_in_at,
        last_log_sign_in_at,
        last_interactive_sign_in_at,
        never_signed_in,
    from intermediate.person_activity
),

names as (
    select upn_key, any_value(person_key) as person_key
    from intermediate.people
    where upn_key is not null
    group by upn_key
),

evidence as (
    select
        -- What is nobody's stands with the user whose name it bears.
        coalesce(case when unmatched_reason is null then evidence.person_key end, names.person_key) as person_key,
        evidence.* exclude (person_key),
    from intermediate.evidence as evidence
    left join names using (upn_key)
    where dataset <> 'sign_ins'
),

report_dates as (
    select
        person_key,
        dataset,
        source_file_id,
        record_number,
        matched_by,
        unmatched_reason,
        earlier_use_date,
        unnest([
            {figure: 'exchange_last_activity_date', property: case when dataset = 'office365_active_user_detail' then 'exchangeLastActivityDate' else 'lastActivityDate' end, is_covered: covers_exchange, seen: exchange_last_activity_date},
            {figure: 'onedrive_last_activity_date', property: case when dataset = 'office365_active_user_detail' then 'oneDriveLastActivityDate' else 'lastActivityDate' end, is_covered: covers_onedrive, seen: onedrive_last_activity_date},
            {figure: 'sharepoint_last_activity_date', property: case when dataset = 'office365_active_user_detail' then 'sharePointLastActivityDate' else 'lastActivityDate' end, is_covered: covers_sharepoint, seen: sharepoint_last_activity_date},
            {figure: 'teams_last_activity_date', property: case when dataset = 'office365_active_user_detail' then 'teamsLastActivityDate' else 'lastActivityDate' end, is_covered: covers_teams, seen: teams_last_activity_date},
            {figure: 'yammer_last_activity_date', property: case when dataset = 'office365_active_user_detail' then 'yammerLastActivityDate' else 'lastActivityDate' end, is_covered: covers_yammer, seen: yammer_last_activity_date},
            {figure: 'skype_last_activity_date', property: case when dataset = 'office365_active_user_detail' then 'skypeForBusinessLastActivityDate' else 'lastActivityDate' end, is_covered: covers_skype, seen: skype_last_activity_date},
            {figure: 'm365_apps_last_activity_date', property: 'lastActivityDate', is_covered: covers_apps, seen: apps_last_activity_date},
            {figure: 'copilot_last_activity_date', property: 'lastActivityDate', is_covered: covers_copilot, seen: copilot_last_activity_date},
            -- These have no column of their own.
            {figure: 'teams_device', property: 'lastActivityDate', is_covered: false, seen: teams_device_last_activity_date},
            {figure: 'email_app', property: 'lastActivityDate', is_covered: false, seen: email_app_last_activity_date},
            {figure: 'yammer_device', property: 'lastActivityDate', is_covered: false, seen: yammer_device_last_activity_date},
        ], recursive := true),
    from evidence
),

dated as (
    select
        dates.*,
        case dates.figure
            when 'exchange_last_activity_date' then persons.exchange_last_activity_date
            when 'onedrive_last_activity_date' then persons.onedrive_last_activity_date
            when 'sharepoint_last_activity_date' then persons.sharepoint_last_activity_date
            when 'teams_last_activity_date' then persons.teams_last_activity_date
            when 'yammer_last_activity_date' then persons.yammer_last_activity_date
            when 'skype_last_activity_date' then persons.skype_last_activity_date
            when 'm365_apps_last_activity_date' then persons.apps_last_activity_date
            when 'copilot_last_activity_date' then persons.copilot_last_activity_date
            when 'teams_device' then persons.teams_device_last_activity_date
            when 'email_app' then persons.email_app_last_activity_date
            when 'yammer_device' then persons.yammer_device_last_activity_date
        end as newest,
        persons.last_activity_date,
    from report_dates as dates
    join persons using (person_key)
    where is_covered
       or seen is not null
),

reported as (
    select
        person_key,
        source_file_id,
        record_number,
        figure,
        property,
        coalesce(seen::varchar, 'empty') as evidence,
        unmatched_reason is null and seen is not distinct from newest as is_chosen,
        case
            when unmatched_reason is not null then lower(unmatched_reason[1]) || substr(unmatched_reason, 2)
            when earlier_use_date is not null and seen is null then 'its date ' || earlier_use_date || ' is from before the account was created'
            when seen is null and newest is not null then 'no date'
            when seen < newest then 'an earlier date'
            when matched_by <> 'UPN' then 'matched by ' || lower(matched_by)
        end as remark,
    from dated
    where figure not in ('teams_device', 'email_app', 'yammer_device')
),

newest as (
    select
        person_key,
        source_file_id,
        record_number,
        'last_activity_date' as figure,
        property,
        seen::varchar as evidence,
        true as is_chosen,
        null as remark,
    from dated
    where unmatched_reason is null
      and seen = last_activity_date
),

-- The status rests on every row of the user, the empty ones too.
statuses as (
    select
        person_key,
        source_file_id,
        record_number,
        'activity_status' as figure,
        null::varchar as property,
        coalesce('newest date ' || greatest(
            exchange_last_activity_date,
            onedrive_last_activity_date,
            sharepoint_last_activity_date,
            teams_last_activity_date,
            yammer_last_activity_date,
            skype_last_activity_date,
            apps_last_activity_date,
            copilot_last_activity_date,
            teams_device_last_activity_date,
            email_app_last_activity_date,
            yammer_device_last_activity_date
        ), 'no date of use') as evidence,
        unmatched_reason is null as is_chosen,
        coalesce(
            lower(unmatched_reason[1]) || substr(unmatched_reason, 2),
            'its date ' || earlier_use_date || ' is from before the account was created',
            case when matched_by <> 'UPN' then 'matched by ' || lower(matched_by) end
        ) as remark,
    from evidence
    where person_key is not null
),

storage as (
    select
        evidence.person_key,
        source_file_id,
        record_number,
        case when mailbox_storage_bytes is not null then 'mailbox_storage_bytes' else 'onedrive_storage_bytes' end as figure,
        'storageUsedInBytes' as property,
        coalesce(mailbox_storage_bytes, onedrive_storage_bytes)::varchar as evidence,
        unmatched_reason is null as is_chosen,
        lower(unmatched_reason[1]) || substr(unmatched_reason, 2) as remark,
    from evidence
    where is_newest
      and (mailbox_storage_bytes is not null or onedrive_storage_bytes is not null)
),

directory as (
    select
        persons.person_key,
        source_file_id,
        record_number,
        persons.last_activity_date,
        persons.last_log_sign_in_at,
        persons.last_interactive_sign_in_at as newest_interactive_at,
        users.last_successful_sign_in_at,
        users.last_any_sign_in_at,
        users.last_interactive_sign_in_at,
    from intermediate.current_users as users
    join persons using (user_id)
    where users.last_any_sign_in_at is not null
),

logged as (
    select
        identities.person_key,
        max_by(source_file_id, signed_in_at) as source_file_id,
        max_by(record_number, signed_in_at) as record_number,
        max(signed_in_at) as seen,
    from intermediate.current_sign_ins as sign_ins
    join intermediate.known_names as identities
      on coalesce(sign_ins.user_id, sign_ins.upn_key) = identities.identity_key
     and identities.bearers = 1
    where is_successful
    group by identities.person_key
),

logged_interactive as (
    select
        identities.person_key,
        max_by(source_file_id, signed_in_at) as source_file_id,
        max_by(record_number, signed_in_at) as record_number,
        max(signed_in_at) as seen,
    from intermediate.current_sign_ins as sign_ins
    join intermediate.known_names as identities
      on coalesce(sign_ins.user_id, sign_ins.upn_key) = identities.identity_key
     and identities.bearers = 1
    where is_successful
      and not is_background
    group by identities.person_key
),

sign_ins as (
    select
        person_key,
        source_file_id,
        record_number,
        unnest(['last_sign_in_at', 'activity_status']) as figure,
        'signInActivity' as property,
        last_any_sign_in_at as seen,
        figure <> 'last_sign_in_at' or coalesce(last_any_sign_in_at >= last_log_sign_in_at, true) as is_chosen,
        case
            when figure = 'activity_status' then 'an attempt of whatever outcome: it proves no activity, its age can disprove it'
            when not is_chosen then 'the sign-in log has a newer one'
        end as remark,
    from directory
    union all by name
    select
        person_key,
        source_file_id,
        record_number,
        unnest(['last_activity_date', 'activity_status']) as figure,
        'signInActivity.lastSuccessfulSignInDateTime' as property,
        last_successful_sign_in_at as seen,
        figure = 'activity_status' or last_successful_sign_in_at::date = last_activity_date as is_chosen,
        case when not is_chosen then 'an earlier day' end as remark,
    from directory
    where last_successful_sign_in_at is not null
    union all by name
    select
        person_key,
        source_file_id,
        record_number,
        'last_interactive_sign_in_at' as figure,
        'signInActivity.lastSignInDateTime' as property,
        last_interactive_sign_in_at as seen,
        last_interactive_sign_in_at = newest_interactive_at as is_chosen,
        case when not is_chosen then 'the sign-in log has a newer one' end as remark,
    from directory
    where last_interactive_sign_in_at is not null
    union all by name
    select
        logged.person_key,
        source_file_id,
        record_number,
        unnest(['last_sign_in_at', 'last_activity_date', 'activity_status']) as figure,
        'createdDateTime' as property,
        seen,
        case figure
            when 'last_sign_in_at' then coalesce(seen >= persons.last_any_sign_in_at, true)
            when 'last_activity_date' then seen::date = persons.last_activity_date
            else true
        end as is_chosen,
        case when is_chosen then 'the newest successful sign-in of the log' else 'there is a newer one' end as remark,
    from logged
    join persons using (person_key)
    union all by name
    select
        logged.person_key,
        source_file_id,
        record_number,
        'last_interactive_sign_in_at' as figure,
        'createdDateTime' as property,
        seen,
        seen = persons.last_interactive_sign_in_at as is_chosen,
        case when is_chosen then 'the newest successful interactive sign-in of the log' else 'there is a newer one' end as remark,
    from logged_interactive as logged
    join persons using (person_key)
),

signed_in as (
    select
        sign_ins.* exclude (seen),
        strftime(seen, '%Y-%m-%dT%H:%M:%SZ') as evidence,
    from sign_ins
),

-- Whom the export has no sign-in of, beside others.
unseen as (
    select
        persons.person_key,
        source_file_id,
        record_number,
        unnest(['never_signed_in', 'activity_status']) as figure,
        'signInActivity' as property,
        'none' as evidence,
        true as is_chosen,
        'the export has that of others' as remark,
    from intermediate.current_users as users
    join persons using (user_id)
    where persons.never_signed_in
),

united as (
    select * from unseen
    union all by name
    select * from statuses
    union all by name
    select * from reported
    union all by name
    select * from newest
    union all by name
    select * from storage
    union all by name
    select * from signed_in
)

select
    'user_activity' as output,
    null::varchar as subject,
    *,
from united
