-- One row per record of a user registration details export.
select
    source_file_id,
    record_number,
    macros.guid_key(id) as user_id,
    userPrincipalName as user_principal_name,
    macros.name_key(userPrincipalName) as upn_key,
    userDisplayName as display_name,
    -- Graph writes it small here and large elsewhere.
    case lower(userType) when 'member' then 'Member' when 'guest' then 'Guest' else userType end as user_type,
    isAdmin as is_admin,
    isMfaCapable as is_mfa_capable,
    isMfaRegistered as is_mfa_registered,
    isPasswordlessCapable as is_passwordless_capable,
    -- Who is able to reset the password is registered for it; the download of the portal says only that.
    coalesce(isSsprRegistered, case when isSsprCapable then true end) as is_sspr_registered,
    array_to_string(list_sort(methodsRegistered), '; ') as methods_registered,
    -- Graph writes passKeyDeviceBound, a list of the portal "Passkey (device-bound)". A certificate counts where it is two factors.
    array_to_string(
        list_sort(list_filter(
            methodsRegistered,
            lambda method: regexp_matches(
                regexp_replace(lower(method), '[^a-z0-9]', '', 'g'),
                '^(windowshello|fido|passkey|macossecureenclave|(macos)?platformcredential|x509certificatemultifactor)'
            )
        )),
        '; '
    ) as phishing_resistant_methods,
    array_to_string(
        list_sort(list_filter(
            methodsRegistered,
            lambda method: regexp_matches(regexp_replace(lower(method), '[^a-z0-9]', '', 'g'), '^(x509)?certificate')
        )),
        '; '
    ) as certificate_methods,
    -- With these alone nobody can pass a second factor: they reset passwords, or stand in for one.
    len(list_filter(
        methodsRegistered,
        lambda method: not regexp_matches(
            regexp_replace(lower(method), '[^a-z0-9]', '', 'g'),
            '^(email(address)?|securityquestions?|apppasswords?|temporaryaccesspass)$'
        )
    )) > 0 as has_mfa_method,
    defaultMfaMethod as default_mfa_method,
    lastUpdatedDateTime as last_updated_at,
from raw.user_registration_details
