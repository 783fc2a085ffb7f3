-- One row when enabled users are missing in the registration details.
select
    'warning' as severity,
    'users_without_registration' as finding,
    'user_registration_details' as dataset,
    count(*) as affected_records,
    'enabled users who are not in the registration details: ' || count(*) as detail,
    'Export both on the same day; follow every page of the registration details.' as remedy,
from intermediate.person_mfa
where is_supplied
  and not is_registered_row
  and account_enabled
having count(*) > 0
