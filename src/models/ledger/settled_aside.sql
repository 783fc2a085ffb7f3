-- One row per table that stands aside for the date of this connection.
select unnest(getvariable('settled_aside')::varchar[]) as name
where getvariable('as_of')::varchar is not distinct from getvariable('settled_as_of')::varchar
