-- One row where lists of people could not be compared with the tenant that the database is of.
with

files as (
    select
        files.file_name,
        issues.code,
        issues.message,
        issues.cure,
    from intermediate.current_files as files
    join meta.issues as issues using (source_file_id)
    where issues.code = 'tenant_not_compared'
),

ranked as (
    select
        *,
        row_number() over (order by file_name) as place,
        count(*) over () as files,
    from files
)

select
    'info' as severity,
    min(code) as finding,
    null::varchar as dataset,
    any_value(files) as affected_records,
    string_agg(file_name, ', ' order by file_name) filter (place <= 3)
        || case when any_value(files) > 3 then ' and ' || any_value(files) - 3 || ' more' else '' end
        || ': ' || min(message) as detail,
    min(cure) as remedy,
from ranked
having count(*) > 0
