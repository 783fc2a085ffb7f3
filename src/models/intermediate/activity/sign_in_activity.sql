-- One row per file of the current users export: whether its signInActivity can show that somebody did not sign in, and up to which day that of the whole export reaches.
-- materialize: at the latest date
with

users as (
    select
        person_key,
        source_file_id,
        account_enabled,
        last_any_sign_in_at,
        last_background_sign_in_at,
        last_successful_sign_in_at,
    from intermediate.people
    where source_file_id is not null
),

export as (
    select max(last_any_sign_in_at)::date as sign_in_reach from users
),

files as (
    select
        source_file_id,
        count(last_background_sign_in_at) > 0 as has_background,
        -- Interactive times alone say nothing of whoever only uses what runs by itself. Entra notes successes since December 2023.
        count(last_background_sign_in_at) > 0
        or count(*) filter (last_successful_sign_in_at >= timestamp '2023-12-01') > 0 as can_speak,
    from users
    group by all
),

-- Whom reports or the log show in use, by more than a date that others can move, must have signed in.
used as (
    select
        users.source_file_id,
        users.last_any_sign_in_at is null as is_silent,
        least(
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
        ) as use_date,
    from users
    join intermediate.account_kinds as kinds using (person_key)
    join intermediate.person_evidence as evidence using (person_key)
    where users.account_enabled
      and kinds.account_kind in ('Person', 'Unknown')
),

compared as (
    select
        source_file_id,
        count(*) as used_people,
        count(*) filter (is_silent) as silent_people,
    from used
    cross join export
    where use_date <= sign_in_reach
    group by all
)

select
    files.*,
    export.sign_in_reach,
    coalesce(compared.used_people, 0) as used_people,
    coalesce(compared.silent_people, 0) as silent_people,
    coalesce(silent_people >= 2 and silent_people * 100 >= used_people, false) as is_unreliable,
from files
left join compared using (source_file_id)
cross join export
