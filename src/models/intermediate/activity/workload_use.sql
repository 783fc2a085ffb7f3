-- One row: by workload, for how many days a report that names nearly all of its enabled holders has no date in any row; null where there is such a date or no such report.
-- materialize: at the latest date
with

-- Few are left: in most tenants every workload has a date.
dateless as (
    select
        workload,
        dataset,
        edition,
        max(reach_days) as reach_days,
    from intermediate.column_reach as reach
    join (select distinct snapshot_id, edition from intermediate.report_editions) as numbered using (snapshot_id)
    where workload in ('exchange', 'onedrive', 'sharepoint', 'teams', 'yammer')
      and is_whole
      and workload not in (select workload from intermediate.column_reach where span_days is not null)
    group by all
),

holders as (
    select
        people.person_key,
        unnest([
            case when needs_exchange then 'exchange' end,
            case when needs_onedrive then 'onedrive' end,
            case when needs_sharepoint then 'sharepoint' end,
            case when needs_teams then 'teams' end,
            case when needs_yammer then 'yammer' end
        ]) as workload,
    from intermediate.people as people
    join intermediate.user_workloads as workloads using (user_id)
    where people.account_enabled is distinct from false
      and exists (from dateless)
),

named as (
    select
        dateless.workload,
        dateless.reach_days,
        count(*) as holders,
        count(*) filter (evidence.named_editions & dateless.edition > 0) as named_holders,
    from holders
    join dateless using (workload)
    left join intermediate.person_evidence as evidence using (person_key)
    group by dateless.workload, dateless.dataset, dateless.edition, dateless.reach_days
),

unused as (
    select
        workload,
        max(reach_days) as unused_days,
    from named
    where named_holders * 10 >= holders * 9
    group by all
)

select
    max(unused_days) filter (workload = 'exchange') as exchange_unused_days,
    max(unused_days) filter (workload = 'onedrive') as onedrive_unused_days,
    max(unused_days) filter (workload = 'sharepoint') as sharepoint_unused_days,
    max(unused_days) filter (workload = 'teams') as teams_unused_days,
    max(unused_days) filter (workload = 'yammer') as yammer_unused_days,
from unused
