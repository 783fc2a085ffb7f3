-- One row per sign-in up to as_of, with what its user is counted by: the id, or the name where the log has no id or no users export says whose it is; and whether it is by name from before the account with that name was created, and so somebody else's.
with

export as (
    select count(*) > 0 as has_users
    from intermediate.current_files
    where dataset = 'users'
),

identities as (
    select identity_key, created_at from intermediate.known_names where bearers = 1
)

-- No name is lowered where it does not count, which takes a fifth of the time; of a union the engine reads all columns.
select
    app_id,
    app_display_name,
    user_id,
    user_principal_name,
    null::varchar as upn_key,
    false as is_named,
    false as is_earlier,
    signed_in_at,
    is_successful,
    is_interrupted,
    is_background,
from intermediate.current_sign_ins
cross join export
-- One condition: by two the engine looks for unknown ids while it scans, which takes three times as long.
where case when has_users then user_id is not null end
union all by name
select
    app_id,
    app_display_name,
    user_id,
    user_principal_name,
    upn_key,
    true as is_named,
    coalesce(signed_in_at < identities.created_at, false) as is_earlier,
    signed_in_at,
    is_successful,
    is_interrupted,
    is_background,
from intermediate.nameless_sign_ins
left join identities
  on upn_key = identities.identity_key
cross join export
where has_users
union all by name
-- An id may have had several names; where ids are not known each counts.
select
    app_id,
    app_display_name,
    user_id,
    user_principal_name,
    upn_key,
    true as is_named,
    false as is_earlier,
    signed_in_at,
    is_successful,
    is_interrupted,
    is_background,
from intermediate.current_sign_ins
cross join export
where not has_users
