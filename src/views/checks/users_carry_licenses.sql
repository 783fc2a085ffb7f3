-- One row per property that outputs need and that a current export lacks, where nothing stands in for it.
with

properties as (
    select * from intermediate.property_coverage
),

replaced as (
    select
        needs.output,
        needs.need_group,
    from meta.output_needs as needs
    join properties using (dataset, property)
    where needs.is_substitute
      and properties.records_present > 0
),

asked as (
    select distinct
        dataset,
        property,
    from meta.output_needs
    anti join replaced using (output, need_group)
    where property is not null
      and not is_substitute
)

select
    'error' as severity,
    'property_not_exported' as finding,
    needs.dataset,
    max(coverage.records_loaded) as affected_records,
    needs.property || ' is missing in all ' || max(coverage.records_loaded) || ' records' as detail,
    'Export again with it: ' || max(coverage.export_graph) as remedy,
from asked as needs
join intermediate.dataset_coverage as coverage using (dataset)
left join properties using (dataset, property)
where coverage.is_supplied
  and coverage.records_loaded > 0
  and coalesce(properties.records_present, 0) = 0
group by needs.dataset, needs.property
