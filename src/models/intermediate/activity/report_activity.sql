-- One row per report and the name in its rows: the workloads that the report covers and their last activity dates. Rows of deleted accounts stand apart.
with

-- A column that the file has not, not in every record, or whose values were lost, covers nothing.
covered as (
    select
        source_file_id,
        bool_or(workload = 'exchange') as covers_exchange,
        bool_or(workload = 'onedrive') as covers_onedrive,
        bool_or(workload = 'sharepoint') as covers_sharepoint,
        bool_or(workload = 'teams') as covers_teams,
        bool_or(workload = 'yammer') as covers_yammer,
        bool_or(workload = 'skype') as covers_skype,
        bool_or(workload = 'apps') as covers_apps,
        bool_or(workload = 'copilot') as covers_copilot,
    from meta.whole_columns
    group by all
),

-- Where a file tells who has a license, a row covers only who has one.
licensing as (
    select
        properties.source_file_id,
        bool_or(workload = 'exchange') as tells_exchange,
        bool_or(workload = 'onedrive') as tells_onedrive,
        bool_or(workload = 'sharepoint') as tells_sharepoint,
        bool_or(workload = 'teams') as tells_teams,
        bool_or(workload = 'yammer') as tells_yammer,
    from meta.activity_columns as columns
    join meta.source_files as files using (dataset)
    join meta.source_properties as properties
      on properties.source_file_id = files.source_file_id
     and properties.property = columns.license_property
    where properties.records_present > properties.records_null
    group by all
)

select
    report_rows.* exclude (has_exchange_license, has_onedrive_license, has_sharepoint_license, has_teams_license, has_yammer_license),
    editions.edition,
    editions.is_newest,
    coalesce(tells_exchange and has_exchange_license is distinct from true, false) as denies_exchange,
    coalesce(tells_onedrive and has_onedrive_license is distinct from true, false) as denies_onedrive,
    coalesce(tells_sharepoint and has_sharepoint_license is distinct from true, false) as denies_sharepoint,
    coalesce(tells_teams and has_teams_license is distinct from true, false) as denies_teams,
    coalesce(tells_yammer and has_yammer_license is distinct from true, false) as denies_yammer,
    coalesce(covers_exchange, false) and not denies_exchange as covers_exchange,
    coalesce(covers_onedrive, false) and not denies_onedrive as covers_onedrive,
    coalesce(covers_sharepoint, false) and not denies_sharepoint as covers_sharepoint,
    coalesce(covers_teams, false) and not denies_teams as covers_teams,
    coalesce(covers_yammer, false) and not denies_yammer as covers_yammer,
    coalesce(covers_skype, false) as covers_skype,
    coalesce(covers_apps, false) as covers_apps,
    coalesce(covers_copilot, false) as covers_copilot,
from intermediate.report_rows as report_rows
join intermediate.report_editions as editions using (source_file_id)
left join covered using (source_file_id)
left join licensing using (source_file_id)
