-- The lists that may be held against each other: the files of one dataset, day and period that the outputs read, and each earlier edition of the same day that these replaced.
create or replace temp table list_files as
with

states as (
    select snapshots.*
    from meta.snapshots as snapshots
    join meta.datasets as datasets using (dataset)
    where datasets.kind = 'state'
      and snapshots.snapshot_date is not null
),

editions as (
    select *, 0 as edition
    from states
    where superseded_by is null
    union all by name
    select replaced.*, replaced.snapshot_id as edition
    from states as replaced
    join states as live
      on live.snapshot_id = replaced.superseded_by
     and live.superseded_by is null
     and live.completeness <> 'Incomplete'
)

select
    dense_rank() over (order by editions.dataset, editions.snapshot_date, editions.report_period, edition)::integer as list_id,
    editions.dataset,
    editions.snapshot_date,
    editions.report_period,
    edition > 0 as is_replaced,
    files.source_file_id,
    coalesce(files.is_stated_whole, false) as is_stated_whole,
    -- Suspected before, and known by the file itself to lack something.
    files.own_completeness is not null as is_suspected,
    editions.completeness = 'Incomplete' and files.own_completeness is null as is_cut,
    files.completeness_reason,
from editions
join meta.source_files as files using (snapshot_id)
