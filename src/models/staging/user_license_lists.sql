-- One row per user record of a users export: its lists of licenses and of the paths by which they came, as they stand in it.
select
    source_file_id,
    record_number,
    assignedLicenses as assigned_licenses,
    licenseAssignmentStates as license_states,
    assignedPlans as assigned_plans,
    nullif(deletedDateTime, timestamp '0001-01-01') as deleted_at,
from raw.users
