-- One row per dataset and time in which the outputs read the same files of it: whether it was supplied, how complete it is, and an error answer that came in its place.
-- materialize: always
with

files as (
    select
        *,
        -- Graph writes it as JSON, the portals write lists.
        wrapper = 'csv' and dataset in ('users', 'sign_ins', 'user_registration_details') as is_list,
        source_file_id in (select source_file_id from meta.issues where code = 'date_contradicted') as is_day_contradicted,
        source_file_id in (select source_file_id from meta.issues where code = 'several_refresh_dates') as has_several_days,
    from meta.file_periods
),

-- Of a state dataset one snapshot is read at a time.
snapshots as (
    select
        dataset,
        valid_from,
        valid_to,
        max(snapshot_date) as snapshot_date,
        max(snapshot_date_source) as snapshot_date_source,
        bool_or(completeness = 'Incomplete') as is_incomplete,
        bool_or(completeness = 'Unknown') as is_end_unknown,
        string_agg(distinct completeness_reason, '; ') filter (completeness = 'Incomplete') as incomplete_reason,
        bool_or(has_newer_incomplete) as has_newer_incomplete,
        bool_and(is_list) as is_list,
        bool_or(is_day_contradicted) as is_day_contradicted,
        bool_or(has_several_days) as has_several_days,
        count(*) as files,
        sum(records_loaded)::bigint as records_loaded,
        sum(records_rejected)::bigint as records_rejected,
    from files
    where kind = 'state'
    group by all
),

-- Events and reference lists only grow.
beginnings as (
    select
        dataset,
        valid_from,
        max(snapshot_date) as snapshot_date,
        max(snapshot_date_source) as snapshot_date_source,
        bool_or(completeness = 'Incomplete') as is_incomplete,
        bool_or(completeness = 'Unknown') as is_end_unknown,
        max(completeness_reason) filter (completeness = 'Incomplete') as incomplete_reason,
        bool_and(is_list) as is_list,
        bool_or(is_day_contradicted) as is_day_contradicted,
        bool_or(has_several_days) as has_several_days,
        count(*) as files,
        sum(records_loaded) as records_loaded,
        sum(records_rejected) as records_rejected,
    from files
    where kind <> 'state'
    group by all
),

growing as (
    select
        dataset,
        valid_from,
        lead(valid_from, 1, date '9999-12-31') over in_time as valid_to,
        max(snapshot_date) over in_time as snapshot_date,
        max(snapshot_date_source) over in_time as snapshot_date_source,
        bool_or(is_incomplete) over in_time as is_incomplete,
        bool_or(is_end_unknown) over in_time as is_end_unknown,
        max(incomplete_reason) over in_time as incomplete_reason,
        false as has_newer_incomplete,
        bool_and(is_list) over in_time as is_list,
        bool_or(is_day_contradicted) over in_time as is_day_contradicted,
        bool_or(has_several_days) over in_time as has_several_days,
        (sum(files) over in_time)::bigint as files,
        (sum(records_loaded) over in_time)::bigint as records_loaded,
        (sum(records_rejected) over in_time)::bigint as records_rejected,
    from beginnings
    window in_time as (partition by dataset order by valid_from)
),

supplied as (
    select * from snapshots
    union all by name
    select * from growing
),

earliest as (
    select dataset, min(valid_from) as earliest_date
    from supplied
    group by all
),

-- Before the first file of a dataset nothing of it was there.
periods as (
    select true as is_supplied, *
    from supplied
    union all by name
    select
        false as is_supplied,
        datasets.dataset,
        date '0001-01-01' as valid_from,
        coalesce(earliest.earliest_date, date '9999-12-31') as valid_to,
    from meta.datasets as datasets
    left join earliest using (dataset)
    where earliest_date is distinct from date '0001-01-01'
),

-- An error answer is of the day of the exports that it came with; alone it is of all days.
import_days as (
    select import_id, max(snapshot_date) as import_date
    from meta.source_files
    group by all
),

answers as (
    select
        dataset,
        coalesce(import_date, date '0001-01-01') as answered_from,
        max_by(error_code, source_file_id) as error_code,
        max_by(error_message, source_file_id) as error_message,
    from meta.source_files
    left join import_days using (import_id)
    where error_code is not null
      and dataset is not null
    group by all
),

days as (
    select dataset, valid_from from periods
    union
    select dataset, answered_from from answers
),

spans as (
    select
        dataset,
        valid_from,
        lead(valid_from, 1, date '9999-12-31') over (partition by dataset order by valid_from) as valid_to,
    from days
)

select
    datasets.*,
    periods.* exclude (dataset, valid_from, valid_to),
    spans.valid_from,
    spans.valid_to,
    answers.error_code,
    answers.error_message,
    earliest.earliest_date,
from meta.datasets as datasets
join spans using (dataset)
join periods
  on periods.dataset = spans.dataset
 and spans.valid_from >= periods.valid_from
 and spans.valid_from < periods.valid_to
asof left join answers
  on answers.dataset = spans.dataset
 and spans.valid_from >= answers.answered_from
left join earliest
  on earliest.dataset = spans.dataset
