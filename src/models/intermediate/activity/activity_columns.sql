-- One row per column of a usage report in which a date shows use of a workload, of the Office applications or of Copilot by people.
-- materialize: always
select *
from (
    values
        ('office365_active_user_detail', 'exchange', 'exchangeLastActivityDate'),
        ('office365_active_user_detail', 'onedrive', 'oneDriveLastActivityDate'),
        ('office365_active_user_detail', 'sharepoint', 'sharePointLastActivityDate'),
        ('office365_active_user_detail', 'teams', 'teamsLastActivityDate'),
        ('office365_active_user_detail', 'yammer', 'yammerLastActivityDate'),
        ('office365_active_user_detail', 'skype', 'skypeForBusinessLastActivityDate'),
        ('mailbox_usage_detail', 'exchange', 'lastActivityDate'),
        ('email_activity_user_detail', 'exchange', 'lastActivityDate'),
        ('onedrive_usage_account_detail', 'onedrive', 'lastActivityDate'),
        ('onedrive_activity_user_detail', 'onedrive', 'lastActivityDate'),
        ('sharepoint_activity_user_detail', 'sharepoint', 'lastActivityDate'),
        ('teams_user_activity_user_detail', 'teams', 'lastActivityDate'),
        ('yammer_activity_user_detail', 'yammer', 'lastActivityDate'),
        ('skype_for_business_activity_user_detail', 'skype', 'lastActivityDate'),
        ('m365_app_user_detail', 'apps', 'lastActivityDate'),
        ('copilot_usage_user_detail', 'copilot', 'lastActivityDate')
) as columns (dataset, workload, property)
