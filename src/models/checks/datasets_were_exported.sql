-- One row per dataset that an output needs and that is not there, nor anything in its stead.
with

needs as (
    select * from intermediate.need_coverage
),

replaced as (
    select distinct
        output,
        need_group,
    from needs
    where is_substitute
      and is_met
),

asked as (
    select distinct dataset
    from needs
    anti join replaced using (output, need_group)
    where not is_substitute
      and not is_column
)

select
    case when coverage.error_code is null then 'warning' else 'error' end as severity,
    case when coverage.error_code is null then 'dataset_missing' else 'dataset_refused' end as finding,
    coverage.dataset,
    null::bigint as affected_records,
    coverage.title || case
        when coverage.error_code is null and coverage.earliest_date is not null then ' was supplied only from ' || coverage.earliest_date || ' on'
        when coverage.error_code is null then ' was not supplied'
        else ' was answered with ' || coverage.error_code || coalesce(': ' || nullif(coverage.error_message, ''), '')
    end as detail,
    case
        when coverage.export_graph ilike 'none%' then 'Export it: ' || coverage.export_portal || '.'
        when coverage.export_portal ilike 'graph only%' then 'Export it: ' || coverage.export_graph || '.'
        else 'Export it: ' || coverage.export_graph || ' (or ' || coverage.export_portal || ').'
    end as remedy,
from intermediate.dataset_coverage as coverage
where not coverage.is_supplied
  and (
      coverage.dataset in (select dataset from asked)
      or (coverage.error_code is not null and coverage.dataset in (select dataset from needs))
  )
