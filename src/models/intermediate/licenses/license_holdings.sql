-- One row per list of licenses and list of paths that records of the current users export carry together, with the numbers of these records.
-- materialize: at the latest date
with

-- Who holds the same as others shares a holding: licenses are compared once for each, not once for each user.
grouped as (
    select
        lists.source_file_id,
        lists.assigned_licenses,
        lists.license_states,
        list(lists.record_number) as record_numbers,
    from staging.user_license_lists as lists
    join intermediate.current_files as files using (source_file_id)
    where lists.deleted_at is null
    group by all
),

-- Lists of the same SKUs with the same plans switched off are the same, in whatever order.
named as (
    select
        *,
        array_to_string(
            list_sort(list_transform(assigned_licenses, license -> concat_ws(' ', coalesce(license.skuId::varchar, 'unknown'), array_to_string(license.disabledPlans, ' ')))),
            ', '
        ) as licenses,
    from grouped
)

select
    row_number() over (order by source_file_id, assigned_licenses, license_states) as holding,
    dense_rank() over (order by licenses) as license_set,
    source_file_id,
    assigned_licenses,
    license_states,
    record_numbers,
from named
