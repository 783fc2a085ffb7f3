-- One row per record of the current user registration details snapshot; of two records of the same id the newer one.
with

-- Only the few ids that are there twice are put in order.
newest as (
    select records.*
    from intermediate.registration_records as records
    semi join intermediate.repeated_registrations using (user_id)
    qualify row_number() over (
        partition by user_id
        order by last_updated_at desc nulls last, source_file_id desc, record_number desc
    ) = 1
)

select records.*
from intermediate.registration_records as records
anti join intermediate.repeated_registrations using (user_id)
union all
select * from newest
