-- One row per report and the name in its rows: the workloads that the report covers and their last activity dates. Rows of deleted accounts stand apart.
with

-- A column that the export left out, or whose values were lost, covers nothing.
columns as (
    select coalesce(list(dataset || '.' || property), []) as exported
    from intermediate.property_coverage
    where records_present > 0
      and records_unselected = 0
      and records_lost = 0
),

dated as (
    select
        report_rows.*,
        columns.exported,
        list_contains(columns.exported, report_rows.dataset || '.lastActivityDate') as is_dated,
    from intermediate.report_rows as report_rows
    join intermediate.current_files as files using (source_file_id)
    cross join columns
)

select
    * exclude (exported, is_dated),
    list_contains(exported, dataset || '.exchangeLastActivityDate') or (is_dated and dataset in ('mailbox_usage_detail', 'email_activity_user_detail')) as covers_exchange,
    list_contains(exported, dataset || '.oneDriveLastActivityDate') or (is_dated and dataset in ('onedrive_usage_account_detail', 'onedrive_activity_user_detail')) as covers_onedrive,
    list_contains(exported, dataset || '.sharePointLastActivityDate') or (is_dated and dataset = 'sharepoint_activity_user_detail') as covers_sharepoint,
    list_contains(exported, dataset || '.teamsLastActivityDate') or (is_dated and dataset = 'teams_user_activity_user_detail') as covers_teams,
    list_contains(exported, dataset || '.yammerLastActivityDate') or (is_dated and dataset = 'yammer_activity_user_detail') as covers_yammer,
    list_contains(exported, dataset || '.skypeForBusinessLastActivityDate') or (is_dated and dataset = 'skype_for_business_activity_user_detail') as covers_skype,
from dated
