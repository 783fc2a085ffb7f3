-- One row per output, thing that it needs and time in which it is read from the same files: whether it is there, why not, and what is wrong with it.
-- materialize: always
with

needs as (
    select * from meta.output_needs
),

breaks as (
    select
        valid_from,
        lead(valid_from, 1, date '9999-12-31') over (order by valid_from) as valid_to,
    from (select distinct valid_from from meta.dataset_periods)
),

coverage as (
    select
        periods.* exclude (valid_from, valid_to),
        breaks.valid_from,
        breaks.valid_to,
        reports.dataset is not null as is_report,
        reports.stands_in_for,
    from meta.dataset_periods as periods
    join breaks
      on breaks.valid_from >= periods.valid_from
     and breaks.valid_from < periods.valid_to
    left join meta.activity_reports as reports using (dataset)
    where dataset in (select dataset from needs)
),

-- A report that names nobody shows nobody's activity.
properties as (
    select
        periods.* exclude (valid_from, valid_to),
        breaks.valid_from,
        max(case when property in ('userPrincipalName', 'ownerPrincipalName') then records_concealed end) over of_time as nameless_records,
        bool_or(property in ('userPrincipalName', 'ownerPrincipalName') and records_concealed > 0 and records_concealed >= records_present) over of_time as is_nameless,
    from meta.property_periods as periods
    join breaks
      on breaks.valid_from >= periods.valid_from
     and breaks.valid_from < periods.valid_to
    where property in ('userPrincipalName', 'ownerPrincipalName')
       or (dataset, property) in (select (dataset, property) from needs)
    window of_time as (partition by dataset, breaks.valid_from)
),

judged as (
    select
        needs.output,
        needs.need_group,
        needs.is_essential,
        needs.is_noted,
        needs.dataset,
        needs.property,
        needs.is_substitute,
        needs.is_column,
        coverage.valid_from,
        coverage.valid_to,
        coverage.is_supplied,
        coverage.snapshot_date,
        coverage.is_report,
        coverage.stands_in_for,
        coalesce(properties.records_present > properties.records_null, false) as has_values,
        -- Of what was not supplied no column is missed. Nobody is asked for what stands in for something else; but for reports where the tenant goes by such.
        not needs.is_substitute
        or (is_report and bool_or(needs.is_substitute and is_report and (coverage.is_supplied or coverage.error_code is not null)) over (partition by needs.output, coverage.valid_from)) as is_asked,
        (needs.is_column and not coverage.is_supplied)
        or coverage.is_supplied
        and not ((needs.is_substitute or is_report) and not needs.is_column and coalesce(properties.is_nameless, false))
        and (
            needs.property is null
            or coalesce(properties.records_present, 0) > greatest(properties.records_concealed, properties.records_lost, 0)
            or coalesce(coverage.records_loaded, 0) = 0
        )
        -- Every sign-in has an outcome: where it is null in all of them it is not there.
        and not coalesce(needs.property in ('status', 'signInStatus') and properties.records_null > 0 and properties.records_null >= properties.records_present, false)
        as is_met,
        case
            when not coverage.is_supplied and coverage.error_code is not null
                then needs.dataset || ' could not be exported (' || coverage.error_code || coalesce(': ' || nullif(coverage.error_message, ''), '') || ')'
            when not coverage.is_supplied and coverage.earliest_date is not null
                then needs.dataset || ' was supplied only from ' || coverage.earliest_date || ' on'
            when not coverage.is_supplied then needs.dataset || ' was not supplied'
            when (needs.is_substitute or is_report) and not needs.is_column and properties.is_nameless
                then needs.dataset || ' conceals ' || case needs.dataset when 'onedrive_usage_account_detail' then 'ownerPrincipalName' else 'userPrincipalName' end
            when needs.property is not null and properties.records_lost > 0 and properties.records_lost >= properties.records_present
                then needs.dataset || ' lost ' || needs.property || ': its values cannot be read, as data_quality says'
            when needs.property in ('status', 'signInStatus') and properties.records_null > 0 and properties.records_null >= properties.records_present
                then needs.dataset || ' has no value of ' || needs.property
            when needs.property is not null and properties.records_concealed > 0 and properties.records_concealed >= properties.records_present
                then needs.dataset || ' conceals ' || needs.property
            when needs.property is not null and coalesce(properties.records_present, 0) = 0 and coalesce(coverage.records_loaded, 0) > 0
                then case
                    when coverage.is_list then needs.dataset || ' comes from a list (CSV) that carries no ' || needs.property
                    else needs.dataset || ' was exported without ' || needs.property
                end
        end as gap,
        case
            when (needs.is_column or (needs.dataset, needs.property) in (select (dataset, property) from meta.activity_columns)) and properties.records_present < properties.records and properties.records_unselected = 0
                then needs.property || ' is missing in ' || (properties.records - properties.records_present) || ' records of ' || needs.dataset
            when needs.is_column and not coalesce(properties.records_lost > 0 or properties.records_unselected > 0, false) then null
            when coverage.is_incomplete then needs.dataset || ' is incomplete (' || coalesce(coverage.incomplete_reason, 'cut') || ')'
            when needs.property is not null and properties.records_lost > 0
                then needs.dataset || ' lost ' || needs.property || ' in records: ' || properties.records_lost
            when coverage.is_day_contradicted then 'the day of ' || needs.dataset || ' (' || coverage.snapshot_date || ') is contradicted, as data_quality says'
            when coverage.has_several_days then 'a file of ' || needs.dataset || ' holds reports of several days, as data_quality says'
            when coverage.records_loaded = 0 and (is_report or needs.dataset like '%registration_details') then needs.dataset || ' has no record'
            when coverage.records_rejected > 0 then 'rejected records of ' || needs.dataset || ': ' || coverage.records_rejected
            when needs.property is not null and properties.records_unselected > 0
                then needs.property || ' was not exported in ' || properties.records_unselected || ' records of ' || needs.dataset
            when needs.property is not null and properties.records_concealed > 0
                then needs.dataset || ' conceals ' || needs.property || ' in ' || properties.records_concealed || ' records'
            when coverage.is_report and properties.nameless_records > 0
                then needs.dataset || ' conceals ' || case needs.dataset when 'onedrive_usage_account_detail' then 'ownerPrincipalName' else 'userPrincipalName' end || ' in ' || properties.nameless_records || ' records'
            when coverage.has_newer_incomplete then 'a newer export of ' || needs.dataset || ' is incomplete and was passed over'
        end as flaw,
        coverage.is_end_unknown and not coverage.is_incomplete and not needs.is_column as is_unproven,
    from needs
    join coverage using (dataset)
    left join properties using (dataset, property, valid_from)
)

select * from judged
