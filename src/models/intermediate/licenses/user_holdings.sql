-- One row per user of the current users export: the user's holding of licenses, and the set of licenses in it.
-- materialize: at the latest date
with

records as (
    select
        holding,
        license_set,
        assigned_licenses is not null as has_assigned_licenses,
        source_file_id,
        unnest(record_numbers) as record_number,
    from intermediate.license_holdings
)

select
    users.user_id,
    records.*,
from records
join staging.users as users using (source_file_id, record_number)
