-- One row per report and the name in its rows: the workloads that the report covers and their last activity dates. Rows of deleted accounts stand apart.
with

-- A column that the export left out, or whose values were lost, covers nothing.
exported as (
    select dataset, property
    from intermediate.property_coverage
    where records_present > 0
      and records_unselected = 0
      and records_lost = 0
),

covered as (
    select
        reports.dataset,
        coalesce(bool_or(property = 'exchangeLastActivityDate' or (property = 'lastActivityDate' and dataset in ('mailbox_usage_detail', 'email_activity_user_detail'))), false) as covers_exchange,
        coalesce(bool_or(property = 'oneDriveLastActivityDate' or (property = 'lastActivityDate' and dataset in ('onedrive_usage_account_detail', 'onedrive_activity_user_detail'))), false) as covers_onedrive,
        coalesce(bool_or(property = 'sharePointLastActivityDate' or (property = 'lastActivityDate' and dataset = 'sharepoint_activity_user_detail')), false) as covers_sharepoint,
        coalesce(bool_or(property = 'teamsLastActivityDate' or (property = 'lastActivityDate' and dataset = 'teams_user_activity_user_detail')), false) as covers_teams,
        coalesce(bool_or(property = 'yammerLastActivityDate' or (property = 'lastActivityDate' and dataset = 'yammer_activity_user_detail')), false) as covers_yammer,
        coalesce(bool_or(property = 'skypeForBusinessLastActivityDate' or (property = 'lastActivityDate' and dataset = 'skype_for_business_activity_user_detail')), false) as covers_skype,
    from meta.activity_reports as reports
    left join exported using (dataset)
    group by all
)

select
    report_rows.*,
    covered.* exclude (dataset),
from intermediate.report_rows as report_rows
join intermediate.current_files as files using (source_file_id)
join covered
  on covered.dataset = report_rows.dataset
