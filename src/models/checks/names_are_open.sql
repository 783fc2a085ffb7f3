-- One row per file and property that the tenant conceals, with the share of its records.
with

properties as (
    select * from meta.source_properties where records_concealed > 0
),

shares as (
    select
        files.dataset,
        files.file_name,
        properties.property,
        properties.records_concealed,
        properties.records_present,
        -- Less than all never reads 100 %, more than none never 0 %.
        greatest(floor(1000.0 * records_concealed / records_present) / 10, 0.1) as percent,
    from properties
    join intermediate.current_files as files using (source_file_id)
)

select
    'warning' as severity,
    'concealed_names' as finding,
    dataset,
    records_concealed as affected_records,
    property || ' is concealed in ' || records_concealed || ' of ' || records_present || ' records ('
        || replace(printf('%.1f', percent::double), '.0', '') || ' %) of ' || file_name || ', which cannot be matched to users' as detail,
    'Admin center > Settings > Org settings > Reports: clear "Display concealed user, group, and site names in all reports", wait until the reports are new, export again.' as remedy,
from shares
