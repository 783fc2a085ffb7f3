-- One row: whether what the checks find at these parameters is written down, by the import or aside.
select
    coalesce(list_contains(getvariable('settled_aside')::varchar[], 'findings'), false)
    or (getvariable('as_of') is null and count(*) > 0) as is_settled,
from duckdb_tables()
where schema_name = 'meta'
  and table_name = 'newest_findings'
