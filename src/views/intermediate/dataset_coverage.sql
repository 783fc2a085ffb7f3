-- One row per dataset: whether it was supplied, how complete it is, and an error answer that came in its place.
with

files as (
    select
        dataset,
        max(snapshot_date) as snapshot_date,
        max(snapshot_date_source) as snapshot_date_source,
        bool_or(completeness = 'Incomplete') as is_incomplete,
        bool_or(completeness = 'Unknown') as is_end_unknown,
        string_agg(distinct completeness_reason, '; ') filter (completeness = 'Incomplete') as incomplete_reason,
        bool_or(has_newer_incomplete) as has_newer_incomplete,
        -- Graph writes it as JSON, the portals write lists.
        bool_and(wrapper = 'csv' and dataset in ('users', 'sign_ins', 'user_registration_details')) as is_list,
        count(*) as files,
        sum(records_loaded)::bigint as records_loaded,
        sum(records_rejected)::bigint as records_rejected,
    from intermediate.current_files
    group by all
),

later as (
    select dataset, min(valid_from) as earliest_date
    from meta.file_periods
    group by all
),

answers as (
    select
        dataset,
        max_by(error_code, source_file_id) as error_code,
        max_by(error_message, source_file_id) as error_message,
    from meta.source_files
    where error_code is not null
    group by all
)

select
    datasets.*,
    files.dataset is not null as is_supplied,
    files.* exclude (dataset),
    answers.* exclude (dataset),
    later.earliest_date,
from meta.datasets as datasets
left join files using (dataset)
left join answers using (dataset)
left join later using (dataset)
