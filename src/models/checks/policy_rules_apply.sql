-- One row per rule of the reclaim policy that names a user whom the current users export lacks.
select
    'warning' as severity,
    'policy_without_user' as finding,
    'reclaim_policy' as dataset,
    1::bigint as affected_records,
    'rule ' || rules.record_number || ' names nobody in the users export, and protects nobody' as detail,
    'Correct its userPrincipalName, which is that of today, and import the policy again.' as remedy,
from staging.reclaim_policy as rules
join intermediate.current_files as files using (source_file_id)
where rules.upn_key is not null
  and exists (select * from intermediate.current_files where dataset = 'users')
  and rules.upn_key not in (select upn_key from intermediate.current_users where upn_key is not null)
