-- One row: whether the import has written down what the checks find at these parameters.
select
    getvariable('as_of') is null and count(*) > 0 as is_settled,
from duckdb_tables()
where schema_name = 'meta'
  and table_name = 'newest_findings'
