-- One row per name, file that says it and time in which it is read without any users export: whom registration details and reports name.
with

-- Once there was a users export nobody else is asked who is there.
unlisted as (
    select coalesce(min(valid_from), date '9999-12-31') as first_export
    from meta.file_periods
    where dataset = 'users'
),

files as (
    select
        source_file_id,
        valid_from,
        least(valid_to, first_export) as valid_to,
    from meta.file_periods
    cross join unlisted
    where valid_from < first_export
),

names as (
    select
        source_file_id,
        user_id,
        user_principal_name,
        upn_key,
        display_name,
        user_type,
    from staging.user_registration_details
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.credential_user_registration_details
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.office365_active_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.mailbox_usage_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.onedrive_usage_account_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.email_activity_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key from staging.onedrive_activity_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key from staging.sharepoint_activity_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key from staging.teams_user_activity_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key, display_name from staging.yammer_activity_user_detail
    where not is_concealed and not is_deleted
    union all by name
    select source_file_id, user_principal_name, upn_key from staging.skype_for_business_activity_user_detail
    where not is_concealed and not is_deleted
)

select distinct
    names.*,
    files.valid_from,
    files.valid_to,
from names
join files using (source_file_id)
where user_id is not null
   or upn_key is not null
