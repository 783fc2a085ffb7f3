-- One row per output that is not complete, and why.
select
    output as "Output",
    data_status as "status",
    coalesce(reasons, '') as "why",
from output_status
where data_status <> 'Complete'
