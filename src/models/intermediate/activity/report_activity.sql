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
    from meta.whole_columns
    group by all
)

select
    report_rows.*,
    editions.edition,
    editions.is_newest,
    coalesce(covers_exchange, false) as covers_exchange,
    coalesce(covers_onedrive, false) as covers_onedrive,
    coalesce(covers_sharepoint, false) as covers_sharepoint,
    coalesce(covers_teams, false) as covers_teams,
    coalesce(covers_yammer, false) as covers_yammer,
    coalesce(covers_skype, false) as covers_skype,
from intermediate.report_rows as report_rows
join intermediate.report_editions as editions using (source_file_id)
left join covered using (source_file_id)
