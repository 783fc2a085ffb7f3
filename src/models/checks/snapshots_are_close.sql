-- One row per dataset whose current snapshot is more than 7 days from that of users.
with

dates as (
    select dataset, snapshot_date from intermediate.dataset_coverage where is_supplied and kind = 'state'
),

users as (
    select snapshot_date as users_date from dates where dataset = 'users'
)

select
    'warning' as severity,
    'snapshots_apart' as finding,
    dataset,
    null::bigint as affected_records,
    'is of ' || snapshot_date || ', the users export of ' || users_date as detail,
    'Export all sources on the same day.' as remedy,
from dates
cross join users
where abs(snapshot_date - users_date) > 7
