-- One row where the Active users report is there: it states no period.
select
    'info' as severity,
    'report_period_unstated' as finding,
    'office365_active_user_detail' as dataset,
    null::bigint as affected_records,
    'office365_active_user_detail states no period: its empty dates are taken to speak for 180 days, or for as far back as the oldest date in the column' as detail,
    'Export it for 180 days.' as remedy,
from intermediate.current_files
where dataset = 'office365_active_user_detail'
limit 1
