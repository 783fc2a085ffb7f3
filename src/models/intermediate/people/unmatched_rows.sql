-- One row per row of an export that is nobody's by today's users, and why.
-- materialize: at the latest date
with

export as (
    select
        count(*) > 0 as has_users,
        coalesce(bool_or(completeness = 'Incomplete' or records_rejected > 0), false) as is_cut,
    from intermediate.current_files
    where dataset = 'users'
),

evidence as (
    select
        dataset,
        source_file_id,
        record_number,
        named_user_id as user_id,
        user_principal_name,
        display_name,
        coalesce(unmatched_reason, 'It shows use from before the account was created') as reason,
        greatest(
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
            earlier_use_date,
            last_sign_in_at::date
        ) as last_activity_date,
        coalesce(mailbox_storage_bytes, onedrive_storage_bytes) as storage_used_bytes,
        attempts as sign_ins,
    from intermediate.evidence
    where is_newest
      and (unmatched_reason is not null or earlier_use_date is not null)
),

-- An activation shows no use.
others as (
    select 'office365_activations_user_detail' as dataset, source_file_id, record_number, user_principal_name, upn_key, is_concealed, last_activated_date as last_activity_date
    from staging.office365_activations_user_detail
),

nobodys as (
    select
        others.dataset,
        others.source_file_id,
        others.record_number,
        others.user_principal_name,
        others.last_activity_date,
        case
            when upn_key is null then 'It names nobody'
            when is_concealed then 'The name is concealed'
            when bearers > 1 then 'Several users have this name: ' || bearers
            when person_key is null and is_cut then 'Not in the users export, which is incomplete'
            when person_key is null and not has_users then 'No users export was supplied'
            when person_key is null then 'Not in the users export'
        end as reason,
    from others
    join intermediate.current_files using (source_file_id)
    left join intermediate.known_names as identities
      on others.upn_key = identities.identity_key
    cross join export
),

-- Before there is a users export they are the people.
registrations as (
    select
        'user_registration_details' as dataset,
        source_file_id,
        record_number,
        user_id,
        user_principal_name,
        upn_key,
        display_name,
    from intermediate.current_user_registration_details
    union all by name
    select
        'credential_user_registration_details' as dataset,
        source_file_id,
        record_number,
        user_principal_name,
        upn_key,
        display_name,
    from intermediate.current_credential_user_registration_details
),

users as (
    select user_id, upn_key from intermediate.current_users
),

strangers as (
    select
        registrations.* exclude (upn_key),
        case
            when user_id is null and upn_key is null then 'It names nobody'
            when user_id is null and macros.is_concealed(user_principal_name) then 'The name is concealed'
            when is_cut then 'Not in the users export, which is incomplete'
            else 'Not in the users export'
        end as reason,
    from registrations
    cross join export
    where has_users
      and case
          when user_id is null then upn_key is null or upn_key not in (select upn_key from users where upn_key is not null)
          else user_id not in (select user_id from users where user_id is not null)
      end
)

select * from evidence
union all by name
select * from nobodys where reason is not null
union all by name
select * from strangers
