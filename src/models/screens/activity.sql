-- One row per activity status.
select
    activity_status as "Activity",
    count(*) as "users",
    case when count(account_enabled) = count(*) then count(*) filter (account_enabled) else nullif(count(*) filter (account_enabled), 0) end as "enabled accounts",
    case when count(is_licensed) = count(*) then count(*) filter (is_licensed) else nullif(count(*) filter (is_licensed), 0) end as "licensed",
from intermediate.person_activity
group by all
order by case any_value(activity_status) when 'Active' then 1 when 'Inactive' then 2 when 'No activity' then 3 else 4 end
