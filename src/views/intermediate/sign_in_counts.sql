-- One row per application and identity that signed in to it: first and last success, successes, failures; interrupts count as neither.
with

sign_ins as (
    select * from intermediate.current_sign_ins
),

counted as (
    select
        app_id,
        user_id,
        -- An id may have had several names; where ids are not known each counts.
        upn_key,
        max_by(app_display_name, signed_in_at) as app_display_name,
        max_by(user_principal_name, signed_in_at) as user_principal_name,
        min(signed_in_at) filter (is_successful) as first_sign_in_at,
        max(signed_in_at) filter (is_successful) as last_sign_in_at,
        max(signed_in_at) as last_seen_at,
        count(*) filter (is_successful) as successes,
        count(*) filter (not is_successful and not is_interrupted) as failures,
        count(*) filter (is_interrupted) as interrupts,
        count(*) filter (is_successful is null) as unknown_sign_ins,
        count(distinct signed_in_at::date) filter (is_successful) as days,
        count(*) as attempts,
        count(is_successful) = count(*) as is_known,
    from sign_ins
    group by 1, 2, 3
)

-- Of sign-ins without an outcome a count above zero is a lower bound, and zero says nothing.
select
    * exclude (successes, failures, interrupts, days),
    case when is_known then successes else nullif(successes, 0) end as sign_ins,
    case when is_known then failures else nullif(failures, 0) end as failed_sign_ins,
    case when is_known then interrupts else nullif(interrupts, 0) end as interrupted_sign_ins,
    case when is_known then days else nullif(days, 0) end as active_days,
from counted
