-- One row per person whose object id signed in; whose sign-ins are counted by name, or are nobody's, has one per application too, and one for those from before the account was created.
with

-- Whose keys lead to them alone; an id may also stand as the name of somebody else.
owners as (
    select identity_key as user_id
    from intermediate.known_names
    where bearers = 1
      and coalesce(user_id, identity_key) = identity_key
),

sign_ins as (
    select
        *,
        is_named or not coalesce(user_id in (select user_id from owners), false) as is_apart,
    from intermediate.identified_sign_ins
)

select
    user_id,
    upn_key,
    case when is_apart then app_id end as app_id,
    max_by(user_principal_name, signed_in_at) as user_principal_name,
    count(*) as attempts,
    max(signed_in_at) as last_seen_at,
    max(signed_in_at) filter (is_successful) as last_sign_in_at,
    -- Of a log that does not tell them apart nobody knows which are an application's own.
    max(signed_in_at) filter (is_successful and is_background is not true) as last_person_sign_in_at,
    max(signed_in_at) filter (is_successful and not is_background) as last_interactive_sign_in_at,
from sign_ins
group by 1, 2, 3, is_apart, is_earlier
