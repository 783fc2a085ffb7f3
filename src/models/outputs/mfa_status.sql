-- One row per user: whether a strong authentication method is registered and allowed. It does not say that MFA is enforced.
with

persons as (
    select * from intermediate.person_mfa
)

select
    user_id,
    user_principal_name,
    display_name,
    account_enabled,
    user_type,
    department,
    country,
    mfa_status,
    mfa_status_reason,
    is_mfa_registered,
    is_mfa_capable,
    is_admin,
    methods_registered,
    phishing_resistant_methods,
    certificate_methods,
    default_mfa_method,
    is_passwordless_capable,
    is_sspr_registered,
    kinds.account_kind,
from persons
join intermediate.account_kinds as kinds using (person_key)
