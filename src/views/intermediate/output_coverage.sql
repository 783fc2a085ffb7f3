-- One row per output: how far it can be trusted and why, from what it needs and what was supplied.
with

needs as (
    select * from meta.output_needs
),

coverage as (
    select * from intermediate.dataset_coverage
),

-- A report that names nobody shows nobody's activity.
properties as (
    select
        *,
        bool_or(property = 'userPrincipalName' and records_concealed > 0 and records_concealed >= records_present) over (partition by dataset) as is_nameless,
    from intermediate.property_coverage
),

judged as (
    select
        needs.output,
        needs.need_group,
        needs.is_essential,
        needs.is_substitute,
        needs.dataset,
        needs.property,
        coverage.is_end_unknown and not coverage.is_incomplete as is_unproven,
        -- Nobody is asked for what stands in for something else, unless the tenant goes by such reports.
        not needs.is_substitute or bool_or(needs.is_substitute and (coverage.is_supplied or coverage.error_code is not null)) over (partition by needs.output) as is_asked,
        coverage.is_supplied
        and not (needs.is_substitute and coalesce(properties.is_nameless, false))
        and (
            needs.property is null
            or (coalesce(properties.records_present, 0) > coalesce(properties.records_concealed, 0))
            or coalesce(coverage.records_loaded, 0) = 0
        ) as is_met,
        case
            when not coverage.is_supplied and coverage.error_code is not null
                then needs.dataset || ' could not be exported (' || coverage.error_code || coalesce(': ' || nullif(coverage.error_message, ''), '') || ')'
            when not coverage.is_supplied and coverage.earliest_date is not null
                then needs.dataset || ' was supplied only from ' || coverage.earliest_date || ' on'
            when not coverage.is_supplied then needs.dataset || ' was not supplied'
            when needs.is_substitute and properties.is_nameless then needs.dataset || ' conceals userPrincipalName'
            when needs.property is not null and properties.records_concealed > 0 and properties.records_concealed >= properties.records_present
                then needs.dataset || ' conceals ' || needs.property
            when needs.property is not null and coalesce(properties.records_present, 0) = 0 and coalesce(coverage.records_loaded, 0) > 0
                then needs.dataset || ' was exported without ' || needs.property
        end as gap,
        case
            when coverage.is_incomplete then needs.dataset || ' is incomplete (' || coalesce(coverage.incomplete_reason, 'cut') || ')'
            when coverage.records_rejected > 0 then coverage.records_rejected || ' records of ' || needs.dataset || ' were rejected'
            when needs.property is not null and properties.records_unselected > 0
                then needs.property || ' was not exported in ' || properties.records_unselected || ' records of ' || needs.dataset
            when needs.property is not null and properties.records_concealed > 0
                then needs.dataset || ' conceals ' || needs.property || ' in ' || properties.records_concealed || ' records'
            when coverage.has_newer_incomplete then 'a newer export of ' || needs.dataset || ' is incomplete and was passed over'
        end as flaw,
    from needs
    join coverage using (dataset)
    left join properties using (dataset, property)
),

grouped as (
    select
        output,
        need_group,
        bool_or(is_essential) as is_essential,
        bool_or(is_met) as is_met,
        bool_or(is_met and not is_substitute) as is_met_itself,
        bool_or(is_met and flaw is null) as is_whole,
    from judged
    group by all
),

-- What could have shown activity after the reports or, where there are none, after the logs.
reach as (
    select
        max(snapshot_date) filter (dataset = 'users') as users_date,
        bool_or(dataset in (select dataset from intermediate.activity_reports))
        or bool_or(dataset = 'users' and has_sign_in_activity) as has_more_than_logs,
    from coverage
    cross join (
        select coalesce(bool_or(records_present > records_null), false) as has_sign_in_activity
        from properties
        where dataset = 'users'
          and property = 'signInActivity'
    )
    where is_supplied
),

aged as (
    select
        coverage.dataset,
        snapshot_date,
        users_date,
        snapshot_date < users_date - 7 as is_old,
        has_more_than_logs,
        reports.dataset is not null as is_report,
        -- What a fresh report covers needs no other.
        list_contains(coalesce(list(coverage.dataset) filter (not coalesce(snapshot_date < users_date - 7, false)) over (), []), stands_in_for) as is_replaced,
    from coverage
    cross join reach
    left join intermediate.activity_reports as reports using (dataset)
    where is_supplied
),

stale as (
    select
        'the activity in ' || dataset || ' reaches to ' || snapshot_date || ', more than 7 days before the users export of ' || users_date as reason,
    from aged
    where is_old
      and (
          (is_report and not coalesce(is_replaced, false))
          or (dataset = 'sign_ins' and not has_more_than_logs)
      )
),

reasons as (
    select
        judged.output,
        case
            when grouped.is_whole then null
            when grouped.is_met and judged.is_met then judged.flaw
            when not grouped.is_met and judged.is_asked then judged.gap
        end as reason,
    from judged
    join grouped using (output, need_group)
    union
    select outputs.output, stale.reason
    from (values ('user_activity'), ('license_summary'), ('license_assignments'), ('users')) as outputs (output)
    cross join stale
),

listed as (
    select
        output,
        list(reason order by reason) filter (reason is not null) as reason_list,
    from reasons
    group by all
),

verdicts as (
    select
        output,
        bool_or(is_essential and not is_met) as is_missing,
    from grouped
    group by all
),

-- CSV and NDJSON files show no end: nothing speaks against their being whole, nothing proves it.
unproven as (
    select
        judged.output,
        string_agg(distinct dataset, ', ' order by dataset) as datasets,
    from judged
    join grouped using (output, need_group)
    where is_unproven
      and not (is_substitute and is_met_itself)
    group by all
)

select
    verdicts.output,
    case
        when verdicts.is_missing then 'Not supplied'
        when listed.reason_list is not null then 'Partial'
        else 'Complete'
    end as data_status,
    coalesce(listed.reason_list, []) as reason_list,
    concat_ws(
        '; ',
        array_to_string(listed.reason_list, '; '),
        case when unproven.datasets is not null then 'note: the files of ' || unproven.datasets || ' cannot show that they are whole' end
    ) as reasons,
from verdicts
left join listed using (output)
left join unproven using (output)
