-- One row per report with open names that belong to no user.
with

people as (
    select upn_key, mail_key from intermediate.people
)

select
    'warning' as severity,
    'report_rows_without_user' as finding,
    dataset,
    count(*) as affected_records,
    'rows that name nobody in the users export: ' || count(*) as detail,
    'Export users and reports on the same day; a user principal name may have changed.' as remedy,
from intermediate.report_activity
where not is_concealed
  and not is_deleted
  and upn_key not in (select upn_key from people where upn_key is not null)
  and upn_key not in (select mail_key from people where mail_key is not null)
group by dataset
