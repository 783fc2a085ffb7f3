-- One row per snapshot date of the subscribed SKUs or the users and SKU: units, and users who had it, by the exports that counted on that date.
with

own as (
    select
        snapshot_date,
        dataset,
        source_file_id,
        completeness,
    from intermediate.history_files
    where dataset in ('subscribed_skus', 'users')
),

days as (
    select
        snapshot_date,
        bool_or(dataset = 'subscribed_skus') as has_skus,
    from own
    group by all
),

-- The snapshot of that very date, even one that is incomplete; else the one that counted then.
sku_files as (
    select
        snapshot_date,
        snapshot_date as skus_date,
        source_file_id,
        completeness,
    from own
    where dataset = 'subscribed_skus'
    union all
    select
        days.snapshot_date,
        periods.snapshot_date as skus_date,
        periods.source_file_id,
        periods.completeness,
    from days
    join meta.file_periods as periods
      on days.snapshot_date >= periods.valid_from
     and days.snapshot_date < periods.valid_to
    where periods.dataset = 'subscribed_skus'
      and not days.has_skus
),

units as (
    select
        files.snapshot_date,
        records.sku_id,
        any_value(files.skus_date) as skus_date,
        max(records.sku_part_number) as sku_part_number,
        -- A sum with an unknown part is unknown.
        case when count(enabled_units) = count(*) then sum(enabled_units)::bigint end as enabled_units,
        case when count(warning_units) = count(*) then sum(warning_units)::bigint end as warning_units,
        case when count(suspended_units) = count(*) then sum(suspended_units)::bigint end as suspended_units,
        case when count(consumed_units) = count(*) then sum(consumed_units)::bigint end as consumed_units,
        case
            when bool_or(files.completeness = 'Incomplete') then 'Incomplete'
            when bool_or(files.completeness = 'Unknown') then 'Unknown'
            else 'Complete'
        end as completeness,
    from staging.subscribed_skus as records
    join sku_files as files using (source_file_id)
    group by files.snapshot_date, records.sku_id
),

user_files as (
    select
        days.snapshot_date,
        periods.snapshot_date as users_date,
        periods.source_file_id,
        periods.completeness,
        periods.records_rejected,
        periods.records_loaded,
        coalesce(properties.records_present - properties.records_null - properties.records_lost, 0) as records_known,
    from days
    join meta.file_periods as periods
      on days.snapshot_date >= periods.valid_from
     and days.snapshot_date < periods.valid_to
    left join meta.source_properties as properties
      on properties.source_file_id = periods.source_file_id
     and properties.property = 'assignedLicenses'
    where periods.dataset = 'users'
),

-- Of a cut export, or one where some users lack their licenses, nobody can count.
user_exports as (
    select
        snapshot_date,
        any_value(users_date) as users_date,
        bool_and(completeness <> 'Incomplete') and sum(records_rejected) = 0 and sum(records_known) >= sum(records_loaded) as is_countable,
    from user_files
    group by all
),

held as (
    select
        files.snapshot_date,
        licenses.sku_id,
        count(distinct licenses.user_id) as users,
    from staging.user_assigned_licenses as licenses
    join user_files as files using (source_file_id)
    join staging.users as users using (source_file_id, user_id)
    where users.deleted_at is null
    group by all
),

-- Where a license does not say of which SKU it is nobody can count those of any.
unnamed as (
    select distinct snapshot_date from held where sku_id is null
),

names as (
    select * from intermediate.sku_product_names
),

united as (
    select
        snapshot_date,
        sku_id,
        units.* exclude (snapshot_date, sku_id),
        held.users,
    from units
    full join (select * from held where sku_id is not null) as held using (snapshot_date, sku_id)
)

select
    united.snapshot_date,
    united.sku_id,
    coalesce(united.sku_part_number, names.sku_part_number) as sku_part_number,
    coalesce(names.product_name, united.sku_part_number) as product_name,
    united.enabled_units,
    united.warning_units,
    united.suspended_units,
    united.consumed_units,
    case when user_exports.is_countable and unnamed.snapshot_date is null then coalesce(united.users, 0) end as assigned_users,
    united.completeness,
    united.skus_date as subscribed_skus_date,
    user_exports.users_date,
from united
left join names using (sku_id)
left join user_exports using (snapshot_date)
left join unnamed using (snapshot_date)
