-- One row per sign-in event.
select
    source_file_id,
    record_number,
    id as sign_in_id,
    createdDateTime as signed_in_at,
    macros.guid_key(userId) as user_id,
    nullif(userPrincipalName, '') as user_principal_name,
    -- trim() looks at each character, though nearly no name has a space or one beyond ASCII: without it names take a third of the time.
    macros.name_key(userPrincipalName) as upn_key,
    macros.guid_key(appId) as app_id,
    nullif(appDisplayName, '') as app_display_name,
    isInteractive as is_interactive,
    -- Newer exports name the kind; an application signs in as a service principal, without a user.
    case
        when list_contains(signInEventTypes, 'managedIdentity') then 'Managed identity'
        when list_contains(signInEventTypes, 'servicePrincipal') then 'Service principal'
        when list_contains(signInEventTypes, 'nonInteractiveUser') then 'Non-interactive'
        when list_contains(signInEventTypes, 'interactiveUser') then 'Interactive'
        when nullif(servicePrincipalId, '') is not null and nullif(userPrincipalName, '') is null then 'Service principal'
        when isInteractive then 'Interactive'
        when not isInteractive then 'Non-interactive'
    end as sign_in_kind,
    -- An application signed in by itself, with what the user had given it before.
    coalesce(list_contains(signInEventTypes, 'nonInteractiveUser'), not isInteractive) as is_background,
    status.errorCode as error_code,
    -- The portal's own word for the outcome goes before our reading of the code; another word says nothing.
    case lower(trim(signInStatus))
        when 'success' then true
        when 'failure' then false
        when 'interrupted' then false
        else status.errorCode = 0
    end as is_successful,
    -- Entra asked for more (a session, a method, a new password, consent, "keep me signed in", an account to be picked, single sign-on), nobody failed.
    case lower(trim(signInStatus))
        when 'success' then false
        when 'failure' then false
        when 'interrupted' then true
        else status.errorCode in (
            16000, 16001, 16003, 50055, 50058, 50059, 50072, 50074, 50076, 50079, 50097, 50125, 50127, 50129, 50140,
            50143, 50144, 50158, 50199, 51006, 52004, 65001, 81010, 81012, 81014
        )
    end as is_interrupted,
from raw.sign_ins
