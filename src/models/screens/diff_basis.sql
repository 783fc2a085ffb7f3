-- One row per subject of a diff and dataset that it is read from: what was read at as_of, and what keeps its rows from being all there are.
with

uses as (
    select * from (values ('licenses', 'users'), ('users', 'users'), ('mfa', 'users'), ('activity', 'users')) as uses (subject, dataset)
    union all
    select * from (values ('mfa', 'user_registration_details'), ('mfa', 'credential_user_registration_details'), ('activity', 'sign_ins')) as uses (subject, dataset)
    union all
    select 'activity' as subject, dataset from meta.activity_reports
),

files as (
    select
        dataset,
        string_agg(source_file_id::varchar, ' ' order by source_file_id) as file_ids,
    from intermediate.current_files
    group by all
),

coverage as (
    select
        coverage.*,
        files.file_ids,
        max(is_supplied) filter (coverage.dataset = 'users') over () as has_users,
    from intermediate.dataset_coverage as coverage
    left join files using (dataset)
),

licenses as (
    select
        sum(records) filter (property = 'assignedLicenses') as records,
        sum(records_present - records_lost) filter (property = 'assignedLicenses') as records_assigned,
        sum(records_present - records_lost - records_null) filter (property = 'assignedLicenses') as records_known,
        sum(records_present - records_lost) filter (property = 'licenseAssignmentStates') as records_stated,
    from intermediate.property_coverage
    where dataset = 'users'
)

select
    uses.subject,
    uses.dataset,
    -- Who is there is what the users export says; without one, whoever the others name.
    uses.dataset = 'users' or not has_users as is_roll,
    coverage.is_supplied,
    coverage.snapshot_date,
    coverage.file_ids,
    case
        when not is_supplied and error_code is not null then uses.dataset || ' could not be exported (' || error_code || ')'
        when not is_supplied and earliest_date is not null then uses.dataset || ' was supplied only from ' || earliest_date || ' on'
        when not is_supplied then uses.dataset || ' was not supplied'
        when subject = 'licenses' and records_loaded > 0 and coalesce(records_assigned, 0) = 0 and coalesce(records_stated, 0) = 0
            then 'the users export of ' || snapshot_date || ' has no licenses'
    end as missing,
    case
        when is_incomplete then 'the export of ' || uses.dataset || ' of ' || snapshot_date || ' is incomplete (' || coalesce(incomplete_reason, 'cut') || ')'
        when records_rejected > 0 then 'records of ' || uses.dataset || ' of ' || snapshot_date || ' were rejected: ' || records_rejected
        when subject = 'licenses' and records_assigned > 0 and records_known < licenses.records
            then 'the licenses of users of ' || snapshot_date || ' are unknown: ' || (licenses.records - records_known)
    end as doubt,
    has_newer_incomplete,
from uses
join coverage using (dataset)
cross join licenses
