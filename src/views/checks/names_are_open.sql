-- One row per dataset and property that the tenant conceals.
select
    'warning' as severity,
    'concealed_names' as finding,
    dataset,
    records_concealed as affected_records,
    property || ' is concealed in ' || records_concealed || ' of ' || records || ' records, which cannot be matched to users' as detail,
    'Admin center > Settings > Org settings > Reports: clear "Display concealed user, group, and site names in all reports", wait until the reports are new, export again.' as remedy,
from intermediate.property_coverage
where records_concealed > 0
