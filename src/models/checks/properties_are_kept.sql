-- One row per file and property whose values a tool lost.
with

-- Dates of which nobody knows the order, numbers that nobody can read and words for an outcome that nobody knows are lost in another way; they have findings of their own.
otherwise as (
    select
        source_file_id,
        unnest(case code when 'unknown_word' then ['status', 'signInStatus'] else [split_part(pointer, '/', 2)] end) as property,
    from meta.issues
    where code in ('date_order_unknown', 'number_unreadable', 'unknown_word')
),

properties as (
    select * from meta.source_properties
    anti join otherwise using (source_file_id, property)
    where records_lost > 0
)

select
    'error' as severity,
    'property_lost' as finding,
    files.dataset,
    properties.records_lost as affected_records,
    properties.property || ' was lost in ' || properties.records_lost || ' records of ' || files.file_name
        || ': the tool wrote the name of a type, such as System.Object[] or [object Object], in place of the value' as detail,
    'Export it again: ' || coalesce(datasets.export_powershell, 'write it as JSON with ConvertTo-Json -Depth 10')
        || case when datasets.export_graph = 'none' then '' else '; or save what Graph answers to ' || datasets.export_graph end || '.' as remedy,
from properties
join intermediate.current_files as files using (source_file_id)
join meta.datasets as datasets using (dataset)
