-- One row per application and user: the first and last successful sign-in, successes and failures.
with

identities as (
    select identity_key, person_key from intermediate.known_names where bearers = 1
),

users as (
    select user_id, user_principal_name from intermediate.current_users
),

-- Whose id is known: one row each.
by_id as (
    select * from intermediate.sign_in_counts where not is_named
),

matched as (
    select
        counts.*,
        -- By name from before the account was created: somebody else's.
        case when not counts.is_earlier then identities.person_key end as bearer_key,
    from intermediate.sign_in_counts as counts
    left join identities
      on coalesce(counts.user_id, counts.upn_key) = identities.identity_key
    where is_named
),

by_name as (
    select
        app_id,
        bearer_key,
        -- Who is in no users export keeps the id of the log.
        coalesce(bearer_key, user_id, upn_key) as person_key,
        max_by(app_display_name, named_at) as app_display_name,
        max(named_at) as named_at,
        any_value(user_id) as user_id,
        max_by(user_principal_name, last_seen_at) as user_principal_name,
        min(first_sign_in_at) as first_sign_in_at,
        max(last_sign_in_at) as last_sign_in_at,
        max(last_seen_at) as last_seen_at,
        bool_and(is_known) as is_known,
        sum(sign_ins)::bigint as sign_ins,
        sum(failed_sign_ins)::bigint as failed_sign_ins,
        sum(interrupted_sign_ins)::bigint as interrupted_sign_ins,
        sum(unknown_sign_ins)::bigint as unknown_sign_ins,
        -- Of several names of one user no more days are sure than those of the one with most.
        max(active_days) as active_days,
    from matched
    group by 1, 2, 3
),

-- An application has one name, whoever signed in to it: the newest.
names as (
    select
        app_id,
        max_by(app_display_name, named_at) as app_display_name,
    from (
        select app_id, app_display_name, named_at from by_id
        union all
        select app_id, app_display_name, named_at from by_name
    )
    group by app_id
),

-- Few sign in both ways. To sum all up once more by application and user takes twice as long as to count them.
summed as (
    select
        coalesce(by_id.app_id, by_name.app_id) as app_id,
        coalesce(by_id.user_id, by_name.bearer_key) as bearer_key,
        by_name.last_seen_at > by_id.last_seen_at as is_name_newer,
        coalesce(by_id.user_id, by_name.user_id) as user_id,
        case when is_name_newer then coalesce(by_name.user_principal_name, by_id.user_principal_name) else coalesce(by_id.user_principal_name, by_name.user_principal_name) end as user_principal_name,
        least(by_id.first_sign_in_at, by_name.first_sign_in_at) as first_sign_in_at,
        greatest(by_id.last_sign_in_at, by_name.last_sign_in_at) as last_sign_in_at,
        coalesce(by_id.is_known, true) and coalesce(by_name.is_known, true) as is_known,
        coalesce(by_id.sign_ins + by_name.sign_ins, by_id.sign_ins, by_name.sign_ins) as sign_ins,
        coalesce(by_id.failed_sign_ins + by_name.failed_sign_ins, by_id.failed_sign_ins, by_name.failed_sign_ins) as failed_sign_ins,
        coalesce(by_id.interrupted_sign_ins + by_name.interrupted_sign_ins, by_id.interrupted_sign_ins, by_name.interrupted_sign_ins) as interrupted_sign_ins,
        coalesce(by_id.unknown_sign_ins + by_name.unknown_sign_ins, by_id.unknown_sign_ins, by_name.unknown_sign_ins) as unknown_sign_ins,
        greatest(by_id.active_days, by_name.active_days) as active_days,
    from by_id
    full join by_name
      on by_id.app_id is not distinct from by_name.app_id
     and by_id.user_id = by_name.bearer_key
)

select
    summed.app_id,
    names.app_display_name,
    coalesce(users.user_id, summed.user_id) as user_id,
    coalesce(users.user_principal_name, summed.user_principal_name) as user_principal_name,
    summed.first_sign_in_at,
    summed.last_sign_in_at,
    -- Where some are unknown a count above zero is a lower bound, and zero says nothing.
    case when summed.is_known then summed.sign_ins else nullif(summed.sign_ins, 0) end as sign_ins,
    case when summed.is_known then summed.failed_sign_ins else nullif(summed.failed_sign_ins, 0) end as failed_sign_ins,
    case when summed.is_known then summed.interrupted_sign_ins else nullif(summed.interrupted_sign_ins, 0) end as interrupted_sign_ins,
    summed.unknown_sign_ins,
    summed.active_days,
from summed
left join names
  on summed.app_id is not distinct from names.app_id
left join users
  on users.user_id = summed.bearer_key
