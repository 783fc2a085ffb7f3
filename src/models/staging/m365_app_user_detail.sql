-- One row per user and report period of a Microsoft 365 apps usage report.
with

-- JSON nests what CSV writes side by side.
flat as (
    select * exclude (details) from raw.m365_app_user_detail
    where coalesce(len(details), 0) = 0
),

nested as (
    select
        source_file_id,
        record_number,
        reportRefreshDate,
        userPrincipalName,
        lastActivationDate,
        lastActivityDate,
        unnest(details, recursive := true),
    from raw.m365_app_user_detail
    where len(details) > 0
),

entries as (
    select * from flat
    union all by name
    select * from nested
)

select
    source_file_id,
    record_number,
    reportRefreshDate as report_refresh_date,
    userPrincipalName as user_principal_name,
    macros.name_key(userPrincipalName) as upn_key,
    macros.names_nobody(userPrincipalName) as is_concealed,
    false as is_deleted,
    nullif(lastActivationDate, date '0001-01-01') as last_activation_date,
    nullif(lastActivityDate, date '0001-01-01') as last_activity_date,
    reportPeriod as report_period,
    windows as has_used_windows,
    mac as has_used_mac,
    mobile as has_used_mobile,
    web as has_used_web,
    outlook as has_used_outlook,
    word as has_used_word,
    excel as has_used_excel,
    powerPoint as has_used_powerpoint,
    oneNote as has_used_onenote,
    teams as has_used_teams,
    outlookWindows as has_used_outlook_windows,
    wordWindows as has_used_word_windows,
    excelWindows as has_used_excel_windows,
    powerPointWindows as has_used_powerpoint_windows,
    oneNoteWindows as has_used_onenote_windows,
    teamsWindows as has_used_teams_windows,
    outlookMac as has_used_outlook_mac,
    wordMac as has_used_word_mac,
    excelMac as has_used_excel_mac,
    powerPointMac as has_used_powerpoint_mac,
    oneNoteMac as has_used_onenote_mac,
    teamsMac as has_used_teams_mac,
    outlookMobile as has_used_outlook_mobile,
    wordMobile as has_used_word_mobile,
    excelMobile as has_used_excel_mobile,
    powerPointMobile as has_used_powerpoint_mobile,
    oneNoteMobile as has_used_onenote_mobile,
    teamsMobile as has_used_teams_mobile,
    outlookWeb as has_used_outlook_web,
    wordWeb as has_used_word_web,
    excelWeb as has_used_excel_web,
    powerPointWeb as has_used_powerpoint_web,
    oneNoteWeb as has_used_onenote_web,
    teamsWeb as has_used_teams_web,
from entries
