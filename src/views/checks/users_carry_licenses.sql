-- One row when the current users export lacks a property that outputs need.
select
    'error' as severity,
    'property_not_exported' as finding,
    needs.dataset,
    max(coverage.records_loaded) as affected_records,
    needs.property || ' is missing in all ' || max(coverage.records_loaded) || ' records' as detail,
    'Export again with it: ' || max(coverage.export_graph) as remedy,
from (select distinct dataset, property from meta.output_needs where property is not null) as needs
join intermediate.dataset_coverage as coverage using (dataset)
left join intermediate.property_coverage as properties using (dataset, property)
where coverage.is_supplied
  and coverage.records_loaded > 0
  and coalesce(properties.records_present, 0) = 0
group by needs.dataset, needs.property
