-- One row per record of the current user registration details snapshot, of all records of an id.
select
    records.* replace (
        coalesce(records.methods_registered, lists.methods) as methods_registered,
        coalesce(records.phishing_resistant_methods, lists.methods) as phishing_resistant_methods,
        coalesce(records.certificate_methods, lists.methods) as certificate_methods,
        coalesce(records.has_mfa_method, lists.has_mfa_method) as has_mfa_method
    ),
    files.snapshot_date,
from staging.user_registration_details as records
join intermediate.current_files as files using (source_file_id)
left join intermediate.registration_lists as lists using (source_file_id)
