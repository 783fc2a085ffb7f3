-- One row when users whose licenses are, or may be, for a reported workload are in none of the supplied usage reports.
with

supplied as (
    select
        bool_or(is_supplied) filter (dataset = 'office365_active_user_detail') as has_active_users,
        bool_or(is_supplied) filter (dataset = 'mailbox_usage_detail') as has_mailboxes,
    from intermediate.dataset_coverage
),

report_rows as (
    select * from intermediate.report_activity
    where dataset in (select dataset from meta.activity_reports)
),

reports as (
    select
        max(report_refresh_date) as newest_refresh_date,
        bool_or(is_concealed) as has_concealed,
    from report_rows
),

-- The OneDrive report names only those who have opened theirs.
users as (
    select
        people.upn_key,
        people.mail_key,
    from intermediate.people as people
    join intermediate.user_workloads as workloads using (user_id)
    cross join supplied
    cross join reports
    where people.is_licensed
      and not reports.has_concealed
      and (people.created_at is null or people.created_at::date <= reports.newest_refresh_date)
      and (
          has_active_users and (needs_exchange or needs_onedrive or needs_sharepoint or needs_teams or needs_yammer or needs_skype)
          or has_mailboxes and needs_exchange
      )
),

absent as (
    select * from users
    where coalesce(upn_key not in (select upn_key from report_rows where upn_key is not null), true)
      and coalesce(mail_key not in (select upn_key from report_rows where upn_key is not null), true)
)

select
    'warning' as severity,
    'users_without_report_row' as finding,
    'users' as dataset,
    count(*) as affected_records,
    'users in no supplied usage report whose licenses are, or may be, for Exchange, OneDrive, SharePoint, Teams, Yammer or Skype: ' || count(*) as detail,
    'Export users and reports on the same day, the reports for 180 days; new users are in them after up to two days.' as remedy,
from absent
having count(*) > 0
