-- One row per application and identity that signed in to it: first and last success, successes, failures; interrupts count as neither.
with

-- How many days before as_of: of the last 120 each is a bit, as distinct ones are counted so in a seventh of the time.
sign_ins as (
    select
        sign_ins.*,
        case when is_successful then signed_in_at end as success_at,
        case when is_successful then date_diff('day', sign_ins.signed_in_at::date, parameters.as_of)::integer end as age,
        case when age < 120 then 1::hugeint << age end as bit,
    from intermediate.identified_sign_ins as sign_ins
    cross join intermediate.parameters as parameters
),

-- By conditions in the rows: a filter at each of these numbers takes a tenth more time.
counted as (
    select
        app_id,
        user_id,
        is_named,
        is_earlier,
        upn_key,
        max_by(app_display_name, signed_in_at) as app_display_name,
        max(case when app_display_name is not null then signed_in_at end) as named_at,
        max_by(user_principal_name, signed_in_at) as user_principal_name,
        min(success_at) as first_sign_in_at,
        max(success_at) as last_sign_in_at,
        max(signed_in_at) as last_seen_at,
        count(*) as attempts,
        count(is_successful) as known,
        count(success_at) as successes,
        count(case when is_interrupted then 1 end) as interrupts,
        bit_or(bit) as last_days,
        list(age) filter (age >= 120) as other_ages,
    from sign_ins
    group by 1, 2, 3, 4, 5
),

dated as (
    select
        * exclude (last_days, other_ages),
        attempts - known as unknown_sign_ins,
        attempts = known as is_known,
        -- What was interrupted has a known outcome, and not that of a success.
        known - successes - interrupts as failures,
        coalesce(bit_count(last_days), 0) + coalesce(len(list_distinct(other_ages)), 0) as days,
    from counted
)

-- Of sign-ins without an outcome a count above zero is a lower bound, and zero says nothing.
select
    * exclude (attempts, known, successes, failures, interrupts, days),
    case when is_known then successes else nullif(successes, 0) end as sign_ins,
    case when is_known then failures else nullif(failures, 0) end as failed_sign_ins,
    case when is_known then interrupts else nullif(interrupts, 0) end as interrupted_sign_ins,
    case when is_known then days else nullif(days, 0) end as active_days,
from dated
