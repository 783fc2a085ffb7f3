-- One row per view that is computed at the parameters of this connection wherever it is read, and would read a table aside instead.
select schema_name || '.' || view_name as place
from duckdb_views()
where contains(sql, '"settled.aside"."' || view_name || '"')
  and (getvariable('as_of') is not null or not contains(sql, 'meta.newest_'))
