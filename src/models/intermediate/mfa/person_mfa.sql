-- One row per person: the registration details and the MFA status that the rule gives them.
-- materialize: at the latest date
with

coverage as (
    select * from intermediate.dataset_coverage where dataset = 'user_registration_details'
),

older_coverage as (
    select is_supplied as has_older from intermediate.dataset_coverage where dataset = 'credential_user_registration_details'
),

-- Another service checks who signs in with these names.
federated as (
    select distinct domains.domain_name
    from staging.domains as domains
    join intermediate.current_files using (source_file_id)
    where lower(domains.authentication_type) = 'federated'
),

registrations as (
    select * from intermediate.current_user_registration_details
),

names as (
    select * from intermediate.registration_names
),

by_id as (
    select
        people.person_key,
        registrations.*,
    from intermediate.people as people
    join registrations using (user_id)
),

-- Lists of the portal have no ids: a record of a name that one record and one person have is that person's.
united as (
    select * from by_id
    union all by name
    select
        names.person_key,
        registrations.*,
    from registrations
    join names using (upn_key)
    where registrations.user_id is null
      and names.nameless_records = 1
      and names.bearers = 1
      and not names.has_record
),

matched as (
    select
        people.person_key,
        people.user_id,
        people.user_principal_name,
        people.display_name,
        people.account_enabled,
        people.is_licensed,
        coalesce(people.user_type, registrations.user_type) as user_type,
        people.department,
        people.country,
        registrations.person_key is not null as is_registered_row,
        not is_registered_row and names.is_older_known as is_older_row,
        not is_registered_row and (
            names.nameless_records > 0 and (names.nameless_records > 1 or names.bearers > 1)
            or names.older_records > 0 and (names.older_records > 1 or names.bearers > 1)
        ) as is_ambiguous,
        -- A list of the portal does not say who is registered; the older report does.
        coalesce(
            registrations.is_mfa_registered,
            case when names.is_older_known then names.older_is_mfa_registered end
        ) as is_mfa_registered,
        case when is_registered_row and registrations.is_mfa_registered is null and names.is_older_known then names.older_date end as registered_date,
        registrations.is_mfa_capable,
        registrations.is_admin,
        case when is_older_row then names.older_methods_registered else registrations.methods_registered end as methods_registered,
        case
            when is_older_row then names.older_phishing_resistant_methods
            -- Where no strong method is registered none of them resists phishing, whether methods were exported or not.
            else coalesce(
                registrations.phishing_resistant_methods,
                case when registrations.is_mfa_registered = false and registrations.is_mfa_capable = false then '' end
            )
        end as phishing_resistant_methods,
        registrations.certificate_methods,
        registrations.default_mfa_method,
        registrations.is_passwordless_capable,
        coalesce(
            registrations.is_sspr_registered,
            case when names.is_older_known then names.older_is_sspr_registered end
        ) as is_sspr_registered,
        registrations.has_mfa_method,
        -- By what one record says of itself: the older report is of another day.
        registrations.is_mfa_capable and coalesce(registrations.is_mfa_registered, registrations.has_mfa_method) = false as is_capable_without_method,
        coverage.is_supplied,
        coverage.is_incomplete,
        coverage.records_rejected,
        coverage.incomplete_reason,
        coverage.error_code,
        coverage.error_message,
        older_coverage.has_older,
    from intermediate.people as people
    left join united as registrations using (person_key)
    left join names
      on people.upn_key = names.upn_key
    cross join coverage
    cross join older_coverage
),

judged as (
    select
        *,
        macros.mfa_status(is_mfa_capable, is_mfa_registered, has_mfa_method) as mfa_status,
        case when mfa_status in ('Disabled', 'Non-compliant') and is_mfa_registered is null then ' (derived from methods)' else '' end as derived,
        -- Whose name has #EXT# in it signs in at home, whether guest or member here.
        case
            when lower(user_principal_name) like '%#ext#@%' then 'the user signs in at home, in another tenant'
            when regexp_extract(macros.name_key(user_principal_name), '@([^@]*)$', 1) in (select domain_name from federated) then 'the user signs in through a federated domain'
        end as outside_reason,
        case
            when account_enabled and lower(user_type) = 'member' then 'Enabled members'
            when account_enabled and lower(user_type) = 'guest' then 'Enabled guests'
            when account_enabled = false and lower(user_type) = 'member' then 'Disabled members'
            when account_enabled = false and lower(user_type) = 'guest' then 'Disabled guests'
            else 'Unknown'
        end as population,
    from matched
)

select
    *,
    case
        when is_capable_without_method then 'MFA capable without a registered method (certificate or external method)'
        when mfa_status = 'Enabled' and is_mfa_registered is null and has_mfa_method is null then 'MFA capable; whether a method is registered was not exported'
        when mfa_status = 'Enabled' then 'A strong method is registered and allowed by policy'
        when mfa_status = 'Non-compliant' and registered_date is not null
            then 'A method is registered, by the older registration report of ' || registered_date || ', but policy does not allow it'
        when mfa_status = 'Non-compliant' then 'A method is registered but policy does not allow it' || derived
        when mfa_status = 'Disabled' and outside_reason is not null
            then 'No Entra method; MFA outside Entra is not visible: ' || outside_reason || derived
        when mfa_status = 'Disabled' and registered_date is not null
            then 'No strong method is registered, by the older registration report of ' || registered_date
        when mfa_status = 'Disabled' and is_older_row then 'No strong method is registered, by the older registration report'
        when mfa_status = 'Disabled' then 'No strong method is registered' || derived
        when is_older_row and is_mfa_registered
            then 'A method is registered, but the older registration report cannot tell Enabled from Non-compliant'
        when is_older_row then 'The older registration report was exported without isMfaRegistered'
        when is_ambiguous then 'Several people or several registration records have this user principal name, so that none can be matched'
        when not is_supplied and has_older then 'Not in the older registration report'
        when not is_supplied and error_code is not null
            then 'Registration details could not be exported: ' || error_code || coalesce(': ' || nullif(error_message, ''), '')
        when not is_supplied then 'No registration details were supplied'
        when not is_registered_row and is_incomplete then 'Not in the registration details, which are incomplete: ' || coalesce(incomplete_reason, 'cut')
        when not is_registered_row and account_enabled = false then 'Not in the registration details, which leave out disabled accounts'
        when not is_registered_row and account_enabled and records_rejected = 0 and outside_reason is not null
            then 'Not in the registration details; MFA outside Entra is not visible: ' || outside_reason
        when not is_registered_row then 'Not in the registration details'
        when is_mfa_registered and is_mfa_capable is null then 'A method is registered, but isMfaCapable was not exported'
        when is_mfa_capable = false and is_mfa_registered is null then 'Not capable, but isMfaRegistered was not exported and the methods are not known'
        else 'Neither isMfaCapable nor isMfaRegistered was exported'
    end as mfa_status_reason,
from judged
