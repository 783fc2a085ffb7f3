-- One row per mailbox of a mailboxes export.
select
    source_file_id,
    record_number,
    macros.guid_key(externalDirectoryObjectId) as user_id,
    userPrincipalName as user_principal_name,
    macros.name_key(userPrincipalName) as upn_key,
    primarySmtpAddress as primary_smtp_address,
    macros.name_key(primarySmtpAddress) as mail_key,
    displayName as display_name,
    recipientTypeDetails as mailbox_type,
    litigationHoldEnabled as has_litigation_hold,
    -- With a minus before it the mailbox is taken out of a policy.
    len(list_filter(inPlaceHolds, lambda hold: not starts_with(hold, '-'))) as in_place_holds,
    case
        when delayHoldApplied or delayReleaseHoldApplied then true
        when delayHoldApplied is not null and delayReleaseHoldApplied is not null then false
    end as has_delay_hold,
    complianceTagHoldApplied as has_label_hold,
    -- The identifier tells of an archive that the status does not.
    case
        when archiveGuid is not null then archiveGuid <> '00000000-0000-0000-0000-000000000000'
        else archiveStatus = 'Active'
    end as has_archive,
    prohibitSendReceiveQuota as prohibit_send_receive_quota_bytes,
    prohibitSendQuota as prohibit_send_quota_bytes,
    issueWarningQuota as issue_warning_quota_bytes,
    whenCreatedUTC as created_at,
from raw.mailboxes
