-- One row per application: the users who signed in to it with success, and how often.
with

counts as (
    select * from intermediate.sign_in_counts
)

select
    app_id,
    max_by(app_display_name, coalesce(last_sign_in_at, timestamp '0001-01-01')) as app_display_name,
    count(distinct coalesce(user_id, upn_key)) filter (sign_ins > 0) as users,
    sum(sign_ins)::bigint as sign_ins,
    max(last_sign_in_at) as last_sign_in_at,
from counts
group by app_id
