-- One row per mfa_status that occurs: how many users have it. Unknown counts are null.
with

persons as (
    select * from intermediate.person_mfa
)

select
    mfa_status,
    count(*) as users,
    case when count(account_enabled) > 0 then count(*) filter (account_enabled) end as account_enabled_users,
    case when count(is_licensed) > 0 then count(*) filter (is_licensed) end as licensed_users,
    case when count(is_admin) > 0 then count(*) filter (is_admin) end as admins,
from persons
group by all
