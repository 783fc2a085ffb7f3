-- One row per record of the current user registration details snapshot; of two records of the same id the newer one.
with

ranked as (
    select
        records.*,
        files.snapshot_date,
        case
            when user_id is null then 1
            else row_number() over (
                partition by user_id
                order by last_updated_at desc nulls last, source_file_id desc, record_number desc
            )
        end as place,
    from staging.user_registration_details as records
    join intermediate.current_files as files using (source_file_id)
)

select * exclude (place)
from ranked
where place = 1
