-- One row when users are called MFA capable although no method is registered.
select
    'warning' as severity,
    'capable_without_registered' as finding,
    'user_registration_details' as dataset,
    count(*) as affected_records,
    'users who are MFA capable but not MFA registered, which contradicts itself (they count as Enabled): ' || count(*) as detail,
    'Look at these users in the Entra admin center.' as remedy,
from intermediate.person_mfa
where is_mfa_capable
  and is_mfa_registered = false
having count(*) > 0
