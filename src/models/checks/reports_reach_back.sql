-- One row per usage report of which no edition at hand reaches as far back as the thresholds: its empty dates show less, or nothing.
with

reaching as (
    select
        dataset,
        workload,
        max(snapshot_date) as snapshot_date,
        max(reach_days) as reach_days,
    from intermediate.column_reach
    where is_whole
      -- No verdict rests on what these do not show.
      and workload not in ('skype', 'teams_device', 'email_app', 'yammer_device')
    group by all
),

reports as (
    select
        dataset,
        max(snapshot_date) as snapshot_date,
        min(reach_days) as reach_days,
    from reaching
    group by all
)

select
    'warning' as severity,
    'report_reach_short' as finding,
    reports.dataset,
    null::bigint as affected_records,
    reports.dataset || ' of ' || reports.snapshot_date || ' reaches back ' || greatest(reports.reach_days, 0) || ' days: '
        || case
            when reports.reach_days < inactive_after_days then 'an empty date in it does not show that somebody is inactive (' || inactive_after_days || ' days)'
            else 'an empty date in it shows nobody''s inactivity for longer, and no license is called reclaimable by it (' || reclaim_after_days || ' days)'
        end as detail,
    'Export it for 180 days: ' || datasets.export_graph as remedy,
from reports
join meta.datasets as datasets using (dataset)
cross join intermediate.parameters
where reports.reach_days < greatest(inactive_after_days, reclaim_after_days)
