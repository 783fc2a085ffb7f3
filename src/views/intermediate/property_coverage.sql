-- One row per dataset and property of the files that the outputs read: in how many records it was there, null, or concealed.
select
    files.dataset,
    properties.property,
    sum(files.records_loaded)::bigint as records,
    sum(properties.records_present)::bigint as records_present,
    -- Within one file Graph leaves a selected property out only where there is nothing to say; a file that never has it did not select it.
    coalesce(sum(files.records_loaded) filter (properties.records_present = 0), 0)::bigint as records_unselected,
    sum(properties.records_null)::bigint as records_null,
    sum(properties.records_lost)::bigint as records_lost,
    sum(properties.records_concealed)::bigint as records_concealed,
from meta.source_properties as properties
join intermediate.current_files as files using (source_file_id)
group by all
