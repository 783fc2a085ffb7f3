-- One row per file and time in which it says who is there, as there is no users export yet.
-- materialize: always
with

-- Once there was a users export nobody else is asked.
unlisted as (
    select coalesce(min(valid_from), date '9999-12-31') as first_export
    from meta.file_periods
    where dataset = 'users'
)

select
    source_file_id,
    valid_from,
    least(valid_to, first_export) as valid_to,
from meta.file_periods
cross join unlisted
where valid_from < first_export
