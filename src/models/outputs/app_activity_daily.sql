-- One row per application and day (UTC) with a sign-in: the users who signed in with success, successes and failures. A day without a row is no day of rest: sign_in_coverage says what was exported.
with

identities as (
    select identity_key, person_key, created_at from intermediate.known_names where bearers = 1
),

counted as (
    select
        app_id,
        signed_in_at::date as sign_in_date,
        max_by(app_display_name, signed_in_at) as app_display_name,
        -- By name from before the account was created: somebody else's.
        count(distinct case
            when sign_ins.user_id is null and sign_ins.signed_in_at < identities.created_at then 'earlier ' || sign_ins.upn_key
            else coalesce(identities.person_key, sign_ins.user_id, sign_ins.upn_key)
        end) filter (is_successful) as people,
        count(*) filter (is_successful) as successes,
        count(*) filter (not is_successful and not is_interrupted) as failures,
        count(is_successful) = count(*) as is_known,
    from intermediate.current_sign_ins as sign_ins
    left join identities
      on coalesce(sign_ins.user_id, sign_ins.upn_key) = identities.identity_key
    group by 1, 2
)

select
    app_id,
    app_display_name,
    sign_in_date,
    -- Of sign-ins without an outcome a count above zero is a lower bound, and zero says nothing.
    case when is_known then people else nullif(people, 0) end as users,
    case when is_known then successes else nullif(successes, 0) end as sign_ins,
    case when is_known then failures else nullif(failures, 0) end as failed_sign_ins,
from counted
