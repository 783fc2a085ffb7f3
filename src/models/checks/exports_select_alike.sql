-- One row per property that outputs need and that only some files of an export have, where records stand in several of them.
with

files as (
    select * from intermediate.current_files where kind = 'state'
),

doubled as (
    select distinct snapshot_id from files where records_duplicate > 0
),

properties as (
    select
        files.dataset,
        files.snapshot_id,
        properties.property,
        sum(files.records_loaded) filter (properties.records_present = 0)::bigint as records_without,
        string_agg(files.file_name, ', ' order by files.file_name) filter (properties.records_present = 0) as files_without,
    from files
    join doubled using (snapshot_id)
    join meta.source_properties as properties using (source_file_id)
    where files.records_read > 0
    group by all
    having bool_or(properties.records_present > 0)
       and bool_or(properties.records_present = 0)
)

select
    'warning' as severity,
    'exports_differ' as finding,
    properties.dataset,
    properties.records_without as affected_records,
    properties.property || ' is in some files of the export and not in ' || properties.files_without || '; of a record that is in several files the last one counts' as detail,
    'Export once with all properties: ' || case when datasets.export_graph ilike 'none%' then datasets.export_portal || '.' else datasets.export_graph end as remedy,
from properties
join (select distinct dataset, property from meta.output_needs where property is not null) as needs using (dataset, property)
join meta.datasets as datasets using (dataset)
