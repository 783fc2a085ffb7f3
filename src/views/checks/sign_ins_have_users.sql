-- One row when users of this tenant who signed in are not in the users export.
with

users as (
    select user_id, upn_key from intermediate.current_users
),

domains as (
    select distinct split_part(upn_key, '@', 2) as domain from users
),

-- Neither applications nor people of other tenants, whom the export cannot have.
strangers as (
    select
        counts.user_id,
        counts.attempts,
    from intermediate.sign_in_counts as counts
    join domains
      on split_part(lower(trim(counts.user_principal_name)), '@', 2) = domains.domain
    where counts.user_id is not null
      and domains.domain <> ''
      and counts.user_id not in (select user_id from users where user_id is not null)
)

select
    'warning' as severity,
    'sign_ins_without_user' as finding,
    'sign_ins' as dataset,
    count(distinct user_id) as affected_records,
    'users of sign-ins who are not in the users export: ' || count(distinct user_id) || ' (their sign-ins: ' || sum(attempts) || ')' as detail,
    'Export users and sign-ins on the same day, and follow every page of users; who was deleted stays in the log for 30 days.' as remedy,
from strangers
having count(*) > 0
