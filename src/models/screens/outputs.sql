-- One row per output: how far it can be trusted.
select
    output,
    data_status as "status",
    coalesce(reasons, '') as "why",
from output_status
