-- One row per file of a usage report whose rows are evidence at as_of: of the edition that the outputs read, and of those up to 7 days older of which a date column reaches further back.
-- materialize: at the latest date
with

ranked as (
    select
        *,
        max(reach_days) over (
            partition by dataset, workload
            order by is_newest desc, snapshot_date desc, reach_days desc
            rows between unbounded preceding and 1 preceding
        ) as newer_reach,
    from intermediate.column_reach
),

reaching as (
    select distinct snapshot_id from ranked where reach_days > newer_reach
),

chosen as (
    select
        *,
        dense_rank() over (order by dataset, snapshot_id) - 1 as place,
    from intermediate.report_candidates
    where is_newest
       or snapshot_id in (select snapshot_id from reaching)
)

select
    dataset,
    snapshot_id,
    source_file_id,
    is_newest,
    -- One bit for each edition: a set of them is a number.
    1::bigint << least(place, 62)::integer as edition,
from chosen
