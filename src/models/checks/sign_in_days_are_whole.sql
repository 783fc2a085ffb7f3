-- One row when there are days without any sign-in between the first and the last day of the sign-ins.
with

days as (
    select distinct signed_in_at::date as day from intermediate.current_sign_ins
),

apart as (
    select
        day,
        lead(day) over (order by day) as next_day,
    from days
),

gaps as (
    select unnest(range(day + 1, next_day, interval 1 day))::date as day
    from apart
    where next_day > day + 1
),

counted as (
    select
        count(*) as days,
        bool_and(isodow(day) > 5) as is_weekend,
        list(day order by day)[:5] as first_days,
    from gaps
)

select
    -- Weekends are quiet in small tenants.
    case when is_weekend then 'info' else 'warning' end as severity,
    'sign_in_days_missing' as finding,
    'sign_ins' as dataset,
    days as affected_records,
    'no sign-in at all on ' || array_to_string(first_days, ', ') || case when days > 5 then ' and ' || days - 5 || ' more days' else '' end as detail,
    'Export the sign-ins of these days too, while Microsoft Entra keeps them (30 days).' as remedy,
from counted
where days > 0
