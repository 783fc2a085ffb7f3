-- One row per user and SKU that an earlier users snapshot shows without it: the day of the first snapshot since which the user has it.
with

current_export as (
    select max(snapshot_date) as snapshot_date from intermediate.current_files where dataset = 'users'
),

-- An incomplete snapshot would read as if its users had lost what they have.
files as (
    select
        periods.source_file_id,
        periods.snapshot_date,
        min(periods.snapshot_date) over () < current_export.snapshot_date as has_earlier,
    from meta.file_periods as periods
    join current_export
      on periods.snapshot_date <= current_export.snapshot_date
    where periods.dataset = 'users'
      and periods.valid_from = periods.snapshot_date
      and periods.completeness <> 'Incomplete'
),

history as (
    select source_file_id, snapshot_date from files where has_earlier
),

seen as (
    select
        users.user_id,
        history.snapshot_date,
        lag(history.snapshot_date) over (partition by users.user_id order by history.snapshot_date) as previous_date,
    from staging.users as users
    join history using (source_file_id)
    where users.deleted_at is null
      and users.has_assigned_licenses
    group by users.user_id, history.snapshot_date
),

held as (
    select distinct
        licenses.user_id,
        licenses.sku_id,
        history.snapshot_date,
    from staging.user_assigned_licenses as licenses
    join history using (source_file_id)
)

select
    held.user_id,
    held.sku_id,
    max(held.snapshot_date) as first_seen_date,
    max(seen.previous_date) as not_seen_date,
from held
join seen using (user_id, snapshot_date)
anti join held as earlier
  on earlier.user_id = held.user_id
 and earlier.sku_id = held.sku_id
 and earlier.snapshot_date = seen.previous_date
where seen.previous_date is not null
group by all
