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

named as (
    select
        matched.*,
        -- Who is in no users export keeps the id of the log.
        coalesce(matched.bearer_key, matched.user_id, matched.upn_key) as person_key,
        users.user_id as known_user_id,
        users.user_principal_name as known_user_principal_name,
    from matched
    left join users
      on matched.bearer_key = users.user_id
)

select
    app_id,
    max_by(app_display_name, last_seen_at) as app_display_name,
    coalesce(any_value(known_user_id), any_value(user_id)) as user_id,
    coalesce(any_value(known_user_principal_name), max_by(user_principal_name, last_seen_at)) as user_principal_name,
    min(first_sign_in_at) as first_sign_in_at,
    max(last_sign_in_at) as last_sign_in_at,
    -- Where some are unknown a count above zero is a lower bound, and zero says nothing.
    case when bool_and(is_known) then sum(sign_ins) else nullif(sum(sign_ins), 0) end::bigint as sign_ins,
    case when bool_and(is_known) then sum(failed_sign_ins) else nullif(sum(failed_sign_ins), 0) end::bigint as failed_sign_ins,
    case when bool_and(is_known) then sum(interrupted_sign_ins) else nullif(sum(interrupted_sign_ins), 0) end::bigint as interrupted_sign_ins,
    sum(unknown_sign_ins)::bigint as unknown_sign_ins,
    -- Of several names of one user no more days are sure than those of the one with most.
    max(active_days) as active_days,
from named
group by app_id, person_key
