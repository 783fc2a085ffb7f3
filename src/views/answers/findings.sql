-- One row per finding, the worst first.
select
    severity,
    dataset,
    affected_records as "records",
    detail as "what",
    remedy as "what to do",
from data_quality
order by case severity when 'error' then 1 when 'warning' then 2 else 3 end, dataset, detail
