-- One row per group record of a groups export.
select
    source_file_id,
    record_number,
    macros.guid_key(id) as group_id,
    displayName as display_name,
    mail,
    case
        when list_contains(groupTypes, 'Unified') then 'Microsoft 365'
        when securityEnabled and mailEnabled then 'Mail-enabled security'
        when securityEnabled then 'Security'
        when mailEnabled then 'Distribution'
    end as group_kind,
    list_contains(groupTypes, 'DynamicMembership') as is_dynamic,
    securityEnabled as is_security_enabled,
    mailEnabled as is_mail_enabled,
    visibility,
    createdDateTime as created_at,
    membershipRule as membership_rule,
    len(assignedLicenses) as assigned_skus,
from raw.groups
-- Who was deleted is no group any more.
where nullif(deletedDateTime, timestamp '0001-01-01') is null
