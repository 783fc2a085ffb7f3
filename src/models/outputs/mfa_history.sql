-- One row per snapshot date of the registration details and user in them: the MFA status that the rule gave then.
with

files as (
    select
        source_file_id,
        snapshot_date,
        completeness,
    from intermediate.history_files
    where dataset = 'user_registration_details'
),

-- Of two records of the same id the newer one.
ranked as (
    select
        files.snapshot_date,
        files.completeness,
        records.* replace (coalesce(records.has_mfa_method, lists.has_mfa_method) as has_mfa_method),
        case
            when user_id is null then 1
            else row_number() over (
                partition by files.snapshot_date, user_id
                order by last_updated_at desc nulls last, source_file_id desc, record_number desc
            )
        end as place,
    from staging.user_registration_details as records
    join files using (source_file_id)
    left join intermediate.registration_lists as lists using (source_file_id)
)

select
    snapshot_date,
    user_id,
    user_principal_name,
    macros.mfa_status(is_mfa_capable, is_mfa_registered, has_mfa_method) as mfa_status,
    is_mfa_registered,
    is_mfa_capable,
    is_admin,
    completeness,
from ranked
where place = 1
