-- One row when users are MFA capable although no method is registered.
select
    'info' as severity,
    'capable_without_registered' as finding,
    'user_registration_details' as dataset,
    count(*) as affected_records,
    'users who are MFA capable without a registered method, by a certificate or an external method (they count as Enabled): ' || count(*) as detail,
    'Nothing, if they sign in that way; else look at them in the Entra admin center.' as remedy,
from intermediate.person_mfa
where is_capable_without_method
having count(*) > 0
