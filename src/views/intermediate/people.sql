-- One row per person: a user of the current users export; where there is none, whoever the registration details and the reports name.
with

export as (
    select count(*) > 0 as has_users from intermediate.current_files where dataset = 'users'
),

registered as (
    select
        user_id,
        user_principal_name,
        upn_key,
        display_name,
        user_type,
    from intermediate.current_user_registration_details
    cross join export
    where not has_users
      and user_id is not null
),

-- A name that has a record with an id is that person.
nameless as (
    select
        upn_key,
        user_principal_name,
        display_name,
        user_type,
    from intermediate.current_user_registration_details
    where user_id is null
    union all by name
    select
        upn_key,
        user_principal_name,
        display_name,
    from intermediate.current_credential_user_registration_details
    union all by name
    select
        upn_key,
        user_principal_name,
        display_name,
    from intermediate.report_activity
    where not is_concealed
      and not is_deleted
),

named as (
    select
        upn_key,
        min(user_principal_name) as user_principal_name,
        min(display_name) as display_name,
        min(user_type) as user_type,
    from nameless
    cross join export
    where not has_users
      and upn_key not in (select upn_key from registered where upn_key is not null)
    group by all
),

united as (
    select * from intermediate.current_users
    union all by name
    select * from registered
    union all by name
    select * from named
)

select
    coalesce(user_id, upn_key) as person_key,
    *,
from united
