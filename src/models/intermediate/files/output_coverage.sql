-- One row per output: how far it can be trusted and why, from what it needs, what was supplied and what that says of anybody.
with

parameters as (
    select * from intermediate.parameters
),

periods as (
    select periods.* exclude (valid_from, valid_to)
    from meta.output_periods as periods
    join parameters
      on coalesce(parameters.as_of, date '9999-12-30') >= periods.valid_from
     and coalesce(parameters.as_of, date '9999-12-30') < periods.valid_to
),

files as (
    select
        max(snapshot_date) filter (dataset = 'users') as users_date,
        max(snapshot_date) filter (dataset in (select dataset from meta.activity_reports)) as reports_date,
    from intermediate.current_files
),

-- Where a fresh report tells of the same people it is the evidence.
aged as (
    select 'the activity in signInActivity of users reaches to ' || sign_in_reach || ', more than 7 days before the users export of ' || users_date as reason
    from (select max(last_any_sign_in_at)::date as sign_in_reach from intermediate.current_users)
    cross join files
    where sign_in_reach < users_date - 7
      and coalesce(reports_date < users_date - 7, true)
),

added as (
    select output, reason
    from (values ('license_summary'), ('license_assignments'), ('license_costs')) as outputs (output)
    cross join intermediate.unreported_office
    union all
    select output, reason
    from (values ('user_activity'), ('license_summary'), ('license_assignments'), ('license_costs'), ('users')) as outputs (output)
    cross join aged
    union all
    select output, reason from intermediate.entry_gaps
),

listed as (
    select output, list(reason order by reason) as added_list
    from added
    group by all
)

select
    periods.output,
    case when data_status = 'Complete' and added_list is not null then 'Partial' else data_status end as data_status,
    list_concat(coalesce(added_list, []), reason_list) as reason_list,
    concat_ws('; ', array_to_string(added_list, '; '), nullif(periods.reasons, '')) as reasons,
from periods
left join listed using (output)
