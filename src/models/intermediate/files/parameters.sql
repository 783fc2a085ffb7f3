-- One row: the parameters of all outputs, from session variables or their defaults; as_of is the newest date in the data, incomplete exports included.
select
    coalesce(getvariable('as_of')::date, newest_date) as as_of,
    coalesce(getvariable('inactive_after_days')::integer, 30) as inactive_after_days,
    coalesce(getvariable('reclaim_after_days')::integer, 90) as reclaim_after_days,
    -- Names with a comma between.
    list_filter(string_split(coalesce(getvariable('without_workloads')::varchar, ''), ','), lambda name: name <> '') as without_workloads,
from meta.newest_date
