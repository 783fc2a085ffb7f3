-- One row per person: the registration details and the MFA status that the rule gives them.
with

people as (
    select * from intermediate.people
),

registrations as (
    select * from intermediate.current_user_registration_details
),

coverage as (
    select * from intermediate.dataset_coverage where dataset = 'user_registration_details'
),

by_id as (
    select
        people.person_key,
        registrations.*,
    from people
    join registrations using (user_id)
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
        registrations.is_mfa_registered,
        registrations.is_mfa_capable,
        registrations.is_admin,
        registrations.methods_registered,
        coverage.is_supplied,
        coverage.is_incomplete,
        coverage.incomplete_reason,
        coverage.error_code,
        coverage.error_message,
    from people
    left join by_id as registrations using (person_key)
    cross join coverage
),

judged as (
    select
        *,
        case
            when is_mfa_capable then 'Enabled'
            when is_mfa_registered and is_mfa_capable = false then 'Non-compliant'
            when is_mfa_registered = false then 'Disabled'
            else 'Not Available'
        end as mfa_status,
    from matched
)

select
    *,
    case
        when mfa_status = 'Enabled' and is_mfa_registered = false
            then 'A strong method is registered and allowed by policy, although the report says that none is registered'
        when mfa_status = 'Enabled' then 'A strong method is registered and allowed by policy'
        when mfa_status = 'Non-compliant' then 'A method is registered but policy does not allow it'
        when mfa_status = 'Disabled' then 'No strong method is registered'
        when not is_supplied and error_code is not null
            then 'Registration details could not be exported: ' || error_code || coalesce(': ' || nullif(error_message, ''), '')
        when not is_supplied then 'No registration details were supplied'
        when not is_registered_row and is_incomplete then 'Not in the registration details, which are incomplete: ' || coalesce(incomplete_reason, 'cut')
        when not is_registered_row and account_enabled = false then 'Not in the registration details, which leave out disabled accounts'
        when not is_registered_row then 'Not in the registration details'
        when is_mfa_registered and is_mfa_capable is null then 'A method is registered, but isMfaCapable was not exported'
        when is_mfa_capable = false and is_mfa_registered is null then 'Not capable, but isMfaRegistered was not exported'
        else 'Neither isMfaCapable nor isMfaRegistered was exported'
    end as mfa_status_reason,
from judged
