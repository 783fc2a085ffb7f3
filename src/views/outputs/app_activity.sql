-- One row per application and user: the first and last successful sign-in, successes and failures.
with

identities as (
    select identity_key, person_key, created_at from intermediate.known_names where bearers = 1
),

users as (
    select user_id, user_principal_name from intermediate.current_users
),

matched as (
    select
        counts.*,
        case
            -- By name from before the account was created: somebody else's.
            when counts.user_id is not null or identities.created_at is null or counts.last_seen_at >= identities.created_at
                then identities.person_key
        end as bearer_key,
    from intermediate.sign_in_counts as counts
    left join identities
      on coalesce(counts.user_id, counts.upn_key) = identities.identity_key
),

grouped as (
    select
        app_id,
        -- Who is in no users export keeps the id of the log.
        coalesce(bearer_key, user_id, upn_key) as person_key,
        any_value(bearer_key) as bearer_key,
        max_by(app_display_name, last_seen_at) as app_display_name,
        any_value(user_id) as user_id,
        max_by(user_principal_name, last_seen_at) as user_principal_name,
        min(first_sign_in_at) as first_sign_in_at,
        max(last_sign_in_at) as last_sign_in_at,
        bool_and(is_known) as is_known,
        sum(sign_ins)::bigint as sign_ins,
        sum(failed_sign_ins)::bigint as failed_sign_ins,
        sum(interrupted_sign_ins)::bigint as interrupted_sign_ins,
        sum(unknown_sign_ins)::bigint as unknown_sign_ins,
        -- Of several names of one user no more days are sure than those of the one with most.
        max(active_days) as active_days,
    from matched
    group by 1, 2
)

select
    grouped.app_id,
    grouped.app_display_name,
    coalesce(users.user_id, grouped.user_id) as user_id,
    coalesce(users.user_principal_name, grouped.user_principal_name) as user_principal_name,
    grouped.first_sign_in_at,
    grouped.last_sign_in_at,
    -- Where some are unknown a count above zero is a lower bound, and zero says nothing.
    case when grouped.is_known then grouped.sign_ins else nullif(grouped.sign_ins, 0) end as sign_ins,
    case when grouped.is_known then grouped.failed_sign_ins else nullif(grouped.failed_sign_ins, 0) end as failed_sign_ins,
    case when grouped.is_known then grouped.interrupted_sign_ins else nullif(grouped.interrupted_sign_ins, 0) end as interrupted_sign_ins,
    grouped.unknown_sign_ins,
    grouped.active_days,
from grouped
left join users
  on users.user_id = grouped.bearer_key
