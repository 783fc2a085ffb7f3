-- One row per output and thing that it needs: whether it is there, why not, and what is wrong with it.
with

-- What only stands in for something else is never missed.
needs as (
    select
        *,
        dataset in ('credential_user_registration_details', 'license_products')
        or coalesce(property in ('licenseNames', 'signInStatus'), false) as is_substitute,
    from meta.output_needs
),

coverage as (
    select * from intermediate.dataset_coverage
),

properties as (
    select * from intermediate.property_coverage
),

judged as (
    select
        needs.output,
        needs.need_group,
        needs.is_essential,
        needs.dataset,
        needs.property,
        needs.is_substitute,
        coverage.is_supplied
        and (
            needs.property is null
            or coalesce(properties.records_present, 0) > greatest(properties.records_concealed, properties.records_lost, 0)
            or coalesce(coverage.records_loaded, 0) = 0
        ) as is_met,
        case
            when needs.is_substitute then null
            when not coverage.is_supplied and coverage.error_code is not null
                then needs.dataset || ' could not be exported (' || coverage.error_code || coalesce(': ' || nullif(coverage.error_message, ''), '') || ')'
            when not coverage.is_supplied and coverage.earliest_date is not null
                then needs.dataset || ' was supplied only from ' || coverage.earliest_date || ' on'
            when not coverage.is_supplied then needs.dataset || ' was not supplied'
            when needs.property is not null and properties.records_lost > 0 and properties.records_lost >= properties.records_present
                then needs.dataset || ' lost ' || needs.property || ' at export: PowerShell wrote the name of a type in place of the value'
            when needs.property is not null and properties.records_concealed > 0 and properties.records_concealed >= properties.records_present
                then needs.dataset || ' conceals ' || needs.property
            when needs.property is not null and coalesce(properties.records_present, 0) = 0 and coalesce(coverage.records_loaded, 0) > 0
                then case
                    when coverage.is_list then needs.dataset || ' comes from a list (CSV) that carries no ' || needs.property
                    else needs.dataset || ' was exported without ' || needs.property
                end
        end as gap,
        case
            when coverage.is_incomplete then needs.dataset || ' is incomplete (' || coalesce(coverage.incomplete_reason, 'cut') || ')'
            when needs.property is not null and properties.records_lost > 0
                then needs.dataset || ' lost ' || needs.property || ' at export in ' || properties.records_lost || ' records'
            when coverage.records_rejected > 0 then coverage.records_rejected || ' records of ' || needs.dataset || ' were rejected'
            when needs.property is not null and properties.records_unselected > 0
                then needs.property || ' was not exported in ' || properties.records_unselected || ' records of ' || needs.dataset
            when needs.property is not null and properties.records_concealed > 0
                then needs.dataset || ' conceals ' || needs.property || ' in ' || properties.records_concealed || ' records'
            when coverage.has_newer_incomplete then 'a newer export of ' || needs.dataset || ' is incomplete and was passed over'
        end as flaw,
        coverage.is_end_unknown and not coverage.is_incomplete as is_unproven,
    from needs
    join coverage using (dataset)
    left join properties using (dataset, property)
)

select * from judged
