-- One row per admin whose mfa_status is not Enabled. Only the registration details say who is an admin: without isAdmin there is no row, which does not mean that there is nobody.
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
    mfa_status,
    mfa_status_reason,
    methods_registered,
    phishing_resistant_methods,
    is_licensed,
from persons
where is_admin
  and mfa_status <> 'Enabled'
