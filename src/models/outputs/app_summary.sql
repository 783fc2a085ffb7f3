-- One row per application: the users who signed in to it with success, and how often.
with

identities as (
    select identity_key, person_key from intermediate.known_names where bearers = 1
),

counts as (
    select
        counts.*,
        -- By name from before the account was created: somebody else's.
        case when counts.is_earlier then 'earlier ' || counts.upn_key else coalesce(identities.person_key, counts.user_id, counts.upn_key) end as person,
    from intermediate.sign_in_counts as counts
    left join identities
      on coalesce(counts.user_id, counts.upn_key) = identities.identity_key
),

counted as (
    select
        app_id,
        max_by(app_display_name, named_at) as app_display_name,
        count(distinct person) filter (sign_ins > 0) as all_users,
        sum(sign_ins)::bigint as all_sign_ins,
        max(last_sign_in_at) as last_sign_in_at,
        bool_and(is_known) as is_known,
    from counts
    group by app_id
)

select
    app_id,
    app_display_name,
    -- Where some are unknown a count above zero is a lower bound, and zero says nothing.
    case when is_known then all_users else nullif(all_users, 0) end as users,
    case when is_known then all_sign_ins else nullif(all_sign_ins, 0) end as sign_ins,
    last_sign_in_at,
from counted
