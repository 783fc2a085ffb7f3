-- One row per finding, the worst first.
select
    severity,
    dataset,
    detail as what,
    remedy as cure,
from temp.findings
order by case severity when 'error' then 1 when 'warning' then 2 else 3 end, dataset, detail
