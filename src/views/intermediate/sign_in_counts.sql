-- One row per application and identity that signed in to it: first and last success, successes, failures; interrupts count as neither.
with

export as (
    select count(*) > 0 as has_users
    from intermediate.current_files
    where dataset = 'users'
),

-- How many days before as_of: of the last 360 each is a bit, as distinct ones are counted so in a seventh of the time.
sign_ins as (
    select
        sign_ins.*,
        date_diff('day', sign_ins.signed_in_at::date, parameters.as_of) as age,
        1::hugeint << (age % 120)::integer as bit,
        -- An id may have had several names; where ids are not known each counts.
        user_id is null or not has_users as is_named,
    from intermediate.current_sign_ins as sign_ins
    cross join intermediate.parameters as parameters
    cross join export
),

counted as (
    select
        app_id,
        user_id,
        is_named,
        -- As the staging view makes it, but of these alone: of a million names that takes a fifth of the time.
        case
            when is_named
                then nullif(lower(case when contains(user_principal_name, ' ') or strlen(user_principal_name) > length(user_principal_name) then trim(user_principal_name) else user_principal_name end), '')
        end as upn_key,
        max_by(app_display_name, signed_in_at) as app_display_name,
        max_by(user_principal_name, signed_in_at) as user_principal_name,
        min(signed_in_at) filter (is_successful) as first_sign_in_at,
        max(signed_in_at) filter (is_successful) as last_sign_in_at,
        max(signed_in_at) as last_seen_at,
        count(*) filter (is_successful) as successes,
        count(*) filter (not is_successful and not is_interrupted) as failures,
        count(*) filter (is_interrupted) as interrupts,
        count(*) filter (is_successful is null) as unknown_sign_ins,
        bit_or(bit) filter (is_successful and age < 120) as last_days,
        bit_or(bit) filter (is_successful and age between 120 and 239) as earlier_days,
        bit_or(bit) filter (is_successful and age between 240 and 359) as early_days,
        list(age) filter (is_successful and age >= 360) as other_ages,
        unknown_sign_ins = 0 as is_known,
    from sign_ins
    group by 1, 2, 3, 4
),

dated as (
    select
        * exclude (last_days, earlier_days, early_days, other_ages),
        coalesce(bit_count(last_days), 0)
            + coalesce(bit_count(earlier_days), 0)
            + coalesce(bit_count(early_days), 0)
            + coalesce(len(list_distinct(other_ages)), 0) as days,
    from counted
)

-- Of sign-ins without an outcome a count above zero is a lower bound, and zero says nothing.
select
    * exclude (successes, failures, interrupts, days),
    case when is_known then successes else nullif(successes, 0) end as sign_ins,
    case when is_known then failures else nullif(failures, 0) end as failed_sign_ins,
    case when is_known then interrupts else nullif(interrupts, 0) end as interrupted_sign_ins,
    case when is_known then days else nullif(days, 0) end as active_days,
from dated
