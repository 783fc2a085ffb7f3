-- One row per person whom rows of usage reports or sign-ins belong to: how far the reports reach, the newest use of each workload in them, and storage.
-- materialize: at the latest date
select
    person_key,
    max(report_refresh_date) as report_reach,
    max(report_refresh_date) filter (covers_exchange) as exchange_reach,
    max(report_refresh_date) filter (covers_onedrive) as onedrive_reach,
    max(report_refresh_date) filter (covers_sharepoint) as sharepoint_reach,
    max(report_refresh_date) filter (covers_teams) as teams_reach,
    max(report_refresh_date) filter (covers_yammer) as yammer_reach,
    max(report_refresh_date) filter (covers_skype) as skype_reach,
    max(exchange_last_activity_date) as exchange_last_activity_date,
    max(onedrive_last_activity_date) as onedrive_last_activity_date,
    max(sharepoint_last_activity_date) as sharepoint_last_activity_date,
    max(teams_last_activity_date) as teams_last_activity_date,
    max(yammer_last_activity_date) as yammer_last_activity_date,
    max(skype_last_activity_date) as skype_last_activity_date,
    max(exchange_license_assign_date) as exchange_license_assign_date,
    max(onedrive_license_assign_date) as onedrive_license_assign_date,
    max(sharepoint_license_assign_date) as sharepoint_license_assign_date,
    max(teams_license_assign_date) as teams_license_assign_date,
    max(yammer_license_assign_date) as yammer_license_assign_date,
    max(skype_license_assign_date) as skype_license_assign_date,
    -- Others can move the dates of a mailbox and of a OneDrive: a delegate, whom a file was shared with.
    max(exchange_last_activity_date) filter (dataset <> 'mailbox_usage_detail') as exchange_person_date,
    max(onedrive_last_activity_date) filter (dataset <> 'onedrive_usage_account_detail') as onedrive_person_date,
    bool_or(earlier_use_date is not null) as has_earlier_use,
    max(last_sign_in_at) as last_log_sign_in_at,
    -- Of several names of the user the one that matches best: the others may be shared boxes.
    coalesce(
        sum(mailbox_storage_bytes) filter (matched_by in ('Object id', 'UPN')),
        sum(mailbox_storage_bytes) filter (matched_by = 'Earlier UPN'),
        sum(mailbox_storage_bytes)
    )::bigint as mailbox_storage_bytes,
    coalesce(
        sum(onedrive_storage_bytes) filter (matched_by in ('Object id', 'UPN')),
        sum(onedrive_storage_bytes) filter (matched_by = 'Earlier UPN'),
        sum(onedrive_storage_bytes)
    )::bigint as onedrive_storage_bytes,
from intermediate.evidence
where unmatched_reason is null
group by all
