-- One row per finding that the issues of the files have not said already, the worst first.
select
    severity,
    dataset,
    detail as what,
    remedy as cure,
from temp.findings
where finding not in (select code from meta.issues)
  and finding not in ('incomplete_file', 'rejected_records', 'dataset_refused')
order by case severity when 'error' then 1 when 'warning' then 2 else 3 end, dataset, detail
