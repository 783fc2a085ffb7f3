-- One row per file of a usage report and date column that every record of it has: only there an empty date says that there was no use.
-- materialize: always
select
    columns.dataset,
    columns.workload,
    columns.property,
    files.snapshot_id,
    properties.source_file_id,
from meta.activity_columns as columns
join meta.source_files as files using (dataset)
join meta.source_properties as properties using (source_file_id, property)
where properties.records_lost = 0
  and properties.records_present > 0
  and properties.records_present >= files.records_loaded
