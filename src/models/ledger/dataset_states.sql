-- One row per dataset: a fingerprint of its files, of those that the outputs read for the newest date, and of how complete it is.
with

parts as (
    select dataset, 'file ' || to_json(files)::varchar as part from meta.source_files as files
    union all
    select dataset, 'read ' || to_json(files)::varchar as part from intermediate.current_files as files
    union all
    select dataset, 'coverage ' || to_json(coverage)::varchar as part from intermediate.dataset_coverage as coverage
)

select
    dataset,
    md5(string_agg(part, chr(10) order by part)) as state,
from parts
group by dataset
