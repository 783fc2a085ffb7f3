-- One row per data status other than Complete, with the outputs that have it.
select
    data_status,
    string_agg(output, ', ' order by output) as outputs,
from output_status
where data_status <> 'Complete'
group by all
order by data_status desc
