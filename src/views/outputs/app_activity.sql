-- One row per application and user: the first and last successful sign-in, successes and failures.
with

counts as (
    select * from intermediate.sign_in_counts
),

users as (
    select user_id, user_principal_name from intermediate.current_users
)

select
    counts.app_id,
    counts.app_display_name,
    counts.user_id,
    coalesce(users.user_principal_name, counts.user_principal_name) as user_principal_name,
    counts.first_sign_in_at,
    counts.last_sign_in_at,
    counts.sign_ins,
    counts.failed_sign_ins,
    counts.interrupted_sign_ins,
    counts.unknown_sign_ins,
    counts.active_days,
from counts
left join users using (user_id)
