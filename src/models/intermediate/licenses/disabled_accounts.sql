-- One row per user whose account is disabled: whether it is shown to stay so, by two users exports 30 days apart and all between, or by the day on which the person left.
-- materialize: at the latest date
with

current_export as (
    select max(snapshot_date) as snapshot_date from intermediate.current_files where dataset = 'users'
),

disabled as (
    select
        user_id,
        snapshot_date,
        leaves_at,
    from intermediate.current_users
    where account_enabled = false
),

files as (
    select
        periods.source_file_id,
        periods.snapshot_date,
    from meta.file_periods as periods
    join current_export
      on periods.snapshot_date <= current_export.snapshot_date
    where periods.dataset = 'users'
      and periods.valid_from = periods.snapshot_date
),

shown as (
    select
        users.user_id,
        files.snapshot_date,
        max(case when users.account_enabled is distinct from false then files.snapshot_date end) over (partition by users.user_id) as enabled_date,
    from staging.users as users
    join files using (source_file_id)
    semi join disabled using (user_id)
    where users.deleted_at is null
),

spans as (
    select
        user_id,
        min(snapshot_date) as disabled_date,
    from shown
    where coalesce(snapshot_date > enabled_date, true)
    group by all
)

select
    user_id,
    coalesce(bool_or(disabled_date <= snapshot_date - 30 or leaves_at::date <= snapshot_date), false) as is_long_disabled,
from disabled
left join spans using (user_id)
group by all
