-- One row per column of a usage report in which a date shows use by people: of a workload, of the Office applications, of Copilot, or of a device or application; and the column beside it that tells whether there is a license.
-- materialize: always
select *
from (
    values
        ('office365_active_user_detail', 'exchange', 'exchangeLastActivityDate', 'hasExchangeLicense'),
        ('office365_active_user_detail', 'onedrive', 'oneDriveLastActivityDate', 'hasOneDriveLicense'),
        ('office365_active_user_detail', 'sharepoint', 'sharePointLastActivityDate', 'hasSharePointLicense'),
        ('office365_active_user_detail', 'teams', 'teamsLastActivityDate', 'hasTeamsLicense'),
        ('office365_active_user_detail', 'yammer', 'yammerLastActivityDate', 'hasYammerLicense'),
        ('office365_active_user_detail', 'skype', 'skypeForBusinessLastActivityDate', 'hasSkypeForBusinessLicense'),
        ('mailbox_usage_detail', 'exchange', 'lastActivityDate', null),
        ('email_activity_user_detail', 'exchange', 'lastActivityDate', null),
        ('onedrive_usage_account_detail', 'onedrive', 'lastActivityDate', null),
        ('onedrive_activity_user_detail', 'onedrive', 'lastActivityDate', null),
        ('sharepoint_activity_user_detail', 'sharepoint', 'lastActivityDate', null),
        ('teams_user_activity_user_detail', 'teams', 'lastActivityDate', 'isLicensed'),
        ('yammer_activity_user_detail', 'yammer', 'lastActivityDate', null),
        ('skype_for_business_activity_user_detail', 'skype', 'lastActivityDate', null),
        ('m365_app_user_detail', 'apps', 'lastActivityDate', null),
        ('copilot_usage_user_detail', 'copilot', 'lastActivityDate', null),
        -- A date in these shows use; an empty one shows nothing.
        ('teams_device_usage_user_detail', 'teams_device', 'lastActivityDate', null),
        ('email_app_usage_user_detail', 'email_app', 'lastActivityDate', null),
        ('yammer_device_usage_user_detail', 'yammer_device', 'lastActivityDate', null)
) as columns (dataset, workload, property, license_property)
