-- One row per constraint and unique index on a table of ours that none of our statements made: what is imported, or removed, may break it.
select schema_name || '.' || table_name as place, constraint_text as what
from duckdb_constraints()
where schema_name in ('raw', 'meta', 'reference')
  and (
      constraint_type in ('PRIMARY KEY', 'UNIQUE', 'FOREIGN KEY', 'CHECK')
      or (schema_name = 'raw' and constraint_type = 'NOT NULL' and not list_has_any(constraint_column_names, ['source_file_id', 'record_number']))
  )
union all
select schema_name || '.' || table_name, 'unique index ' || index_name
from duckdb_indexes()
where schema_name in ('raw', 'meta', 'reference')
  and is_unique
  and not is_primary
order by all
