-- One row per property that outputs need and that no record of the current export has, nor anything that stands in for it.
with

needs as (
    select * from intermediate.need_coverage
),

unmet as (
    select
        output,
        need_group,
        bool_and(is_noted) as is_noted,
    from needs
    group by all
    having not bool_or(is_met)
),

missing as (
    select
        needs.dataset,
        needs.property,
        -- Where every output only notes that it is missing, each stays as complete as it is.
        bool_and(unmet.is_noted) as is_noted,
    from needs
    join unmet using (output, need_group)
    where needs.property is not null
      and not needs.is_substitute
    group by all
)

select
    case when missing.is_noted then 'warning' else 'error' end as severity,
    'property_not_exported' as finding,
    missing.dataset,
    coverage.records_loaded as affected_records,
    missing.property || ' is missing in all ' || coverage.records_loaded || ' records' as detail,
    'Export again with it: ' || case when coverage.export_graph ilike 'none%' then coverage.export_portal || '.' else coverage.export_graph end as remedy,
from missing
join intermediate.dataset_coverage as coverage using (dataset)
left join intermediate.property_coverage as properties using (dataset, property)
where coverage.is_supplied
  and coverage.records_loaded > 0
  and coalesce(properties.records_present, 0) = 0
  and coalesce(properties.records_lost, 0) = 0
