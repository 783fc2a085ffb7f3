-- One row per output that is not complete, and why.
select
    output,
    data_status,
    reasons,
from output_status
where data_status <> 'Complete'
