-- One row per record of an older registration report. Its id is not the user's.
select
    source_file_id,
    record_number,
    userPrincipalName as user_principal_name,
    macros.name_key(userPrincipalName) as upn_key,
    userDisplayName as display_name,
    isMfaRegistered as is_mfa_registered,
    isRegistered as is_sspr_registered,
    array_to_string(list_sort(authMethods), '; ') as methods_registered,
    -- It knows of security keys alone: who has none may have another method that resists phishing.
    case when list_contains(authMethods, 'fido') then 'fido' end as phishing_resistant_methods,
from raw.credential_user_registration_details
