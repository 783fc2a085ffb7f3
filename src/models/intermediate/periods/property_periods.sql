-- One row per dataset, property and time in which the outputs read the same files: in how many records it was there, null, or concealed.
-- materialize: always
with

counts as (
    select
        files.dataset,
        files.kind,
        files.valid_from,
        files.valid_to,
        properties.property,
        sum(files.records_loaded)::bigint as records,
        sum(properties.records_present)::bigint as records_present,
        -- Within one file Graph leaves a selected property out only where there is nothing to say; a file that never has it did not select it.
        coalesce(sum(files.records_loaded) filter (properties.records_present = 0), 0)::bigint as records_unselected,
        sum(properties.records_null)::bigint as records_null,
        sum(properties.records_lost)::bigint as records_lost,
        sum(properties.records_concealed)::bigint as records_concealed,
    from meta.source_properties as properties
    join meta.file_periods as files using (source_file_id)
    group by all
),

-- Events and reference lists only grow.
growing as (
    select
        dataset,
        property,
        valid_from,
        lead(valid_from, 1, date '9999-12-31') over in_time as valid_to,
        (sum(records) over in_time)::bigint as records,
        (sum(records_present) over in_time)::bigint as records_present,
        (sum(records_unselected) over in_time)::bigint as records_unselected,
        (sum(records_null) over in_time)::bigint as records_null,
        (sum(records_lost) over in_time)::bigint as records_lost,
        (sum(records_concealed) over in_time)::bigint as records_concealed,
    from counts
    where kind <> 'state'
    window in_time as (partition by dataset, property order by valid_from)
)

select * exclude (kind)
from counts
where kind = 'state'
union all by name
select * from growing
