-- One row per user of a Copilot usage report.
select
    source_file_id,
    record_number,
    reportRefreshDate as report_refresh_date,
    userPrincipalName as user_principal_name,
    macros.name_key(userPrincipalName) as upn_key,
    macros.names_nobody(userPrincipalName) as is_concealed,
    displayName as display_name,
    false as is_deleted,
    -- The admin center's download has no date of all use, only that of each application.
    coalesce(
        nullif(lastActivityDate, date '0001-01-01'),
        greatest(
            nullif(copilotChatLastActivityDate, date '0001-01-01'),
            nullif(copilotChatWorkLastActivityDate, date '0001-01-01'),
            nullif(copilotChatWebLastActivityDate, date '0001-01-01'),
            nullif(microsoft365CopilotLastActivityDate, date '0001-01-01'),
            nullif(microsoftTeamsCopilotLastActivityDate, date '0001-01-01'),
            nullif(wordCopilotLastActivityDate, date '0001-01-01'),
            nullif(excelCopilotLastActivityDate, date '0001-01-01'),
            nullif(powerPointCopilotLastActivityDate, date '0001-01-01'),
            nullif(outlookCopilotLastActivityDate, date '0001-01-01'),
            nullif(oneNoteCopilotLastActivityDate, date '0001-01-01'),
            nullif(loopCopilotLastActivityDate, date '0001-01-01'),
            nullif(edgeLastActivityDate, date '0001-01-01'),
            nullif(copilotAgentLastActivityDate, date '0001-01-01')
        )
    ) as last_activity_date,
    nullif(copilotChatLastActivityDate, date '0001-01-01') as chat_last_activity_date,
    nullif(microsoftTeamsCopilotLastActivityDate, date '0001-01-01') as teams_last_activity_date,
    nullif(wordCopilotLastActivityDate, date '0001-01-01') as word_last_activity_date,
    nullif(excelCopilotLastActivityDate, date '0001-01-01') as excel_last_activity_date,
    nullif(powerPointCopilotLastActivityDate, date '0001-01-01') as powerpoint_last_activity_date,
    nullif(outlookCopilotLastActivityDate, date '0001-01-01') as outlook_last_activity_date,
    nullif(oneNoteCopilotLastActivityDate, date '0001-01-01') as onenote_last_activity_date,
    nullif(loopCopilotLastActivityDate, date '0001-01-01') as loop_last_activity_date,
    nullif(copilotChatWorkLastActivityDate, date '0001-01-01') as chat_work_last_activity_date,
    nullif(copilotChatWebLastActivityDate, date '0001-01-01') as chat_web_last_activity_date,
    nullif(microsoft365CopilotLastActivityDate, date '0001-01-01') as app_last_activity_date,
    nullif(edgeLastActivityDate, date '0001-01-01') as edge_last_activity_date,
    nullif(copilotAgentLastActivityDate, date '0001-01-01') as agent_last_activity_date,
    coalesce(reportPeriod, copilotActivityUserDetailsByPeriod[1].reportPeriod) as report_period,
from raw.copilot_usage_user_detail
