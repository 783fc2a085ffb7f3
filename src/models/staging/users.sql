-- One row per user record of a users export.
select
    source_file_id,
    record_number,
    macros.guid_key(id) as user_id,
    userPrincipalName as user_principal_name,
    macros.name_key(userPrincipalName) as upn_key,
    displayName as display_name,
    givenName as given_name,
    surname,
    mail,
    macros.name_key(mail) as mail_key,
    accountEnabled as account_enabled,
    userType as user_type,
    nullif(createdDateTime, timestamp '0001-01-01') as created_at,
    nullif(employeeLeaveDateTime, timestamp '0001-01-01') as leaves_at,
    nullif(deletedDateTime, timestamp '0001-01-01') as deleted_at,
    country,
    department,
    usageLocation as usage_location,
    assignedLicenses is not null as has_assigned_licenses,
    -- A list of the admin center has the names in place of the identifiers.
    coalesce(len(assignedLicenses), len(licenseNames)) > 0 as is_licensed,
    licenseNames as license_names,
    isResourceAccount as is_resource_account,
    greatest(
        nullif(signInActivity.lastSignInDateTime, timestamp '0001-01-01'),
        nullif(signInActivity.lastNonInteractiveSignInDateTime, timestamp '0001-01-01'),
        nullif(signInActivity.lastSuccessfulSignInDateTime, timestamp '0001-01-01')
    ) as last_any_sign_in_at,
    nullif(signInActivity.lastSuccessfulSignInDateTime, timestamp '0001-01-01') as last_successful_sign_in_at,
    nullif(signInActivity.lastSignInDateTime, timestamp '0001-01-01') as last_interactive_sign_in_at,
    nullif(signInActivity.lastNonInteractiveSignInDateTime, timestamp '0001-01-01') as last_background_sign_in_at,
from raw.users
