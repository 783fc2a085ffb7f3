-- One row per usage report that proves activity; those on one workload stand in for the combined report.
-- materialize: always
select *
from (
    values
        ('office365_active_user_detail', null),
        ('mailbox_usage_detail', null),
        ('onedrive_usage_account_detail', null),
        ('email_activity_user_detail', 'office365_active_user_detail'),
        ('onedrive_activity_user_detail', 'office365_active_user_detail'),
        ('sharepoint_activity_user_detail', 'office365_active_user_detail'),
        ('teams_user_activity_user_detail', 'office365_active_user_detail'),
        ('yammer_activity_user_detail', 'office365_active_user_detail'),
        ('skype_for_business_activity_user_detail', 'office365_active_user_detail')
) as reports (dataset, stands_in_for)
