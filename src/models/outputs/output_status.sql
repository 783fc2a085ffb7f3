-- One row per output: Complete, Partial or Not supplied, and why.
with

outputs as (
    select * from meta.outputs
),

coverage as (
    select * from intermediate.output_coverage
)

select
    outputs.output,
    -- What needs no data of its own (this view, data_quality) is always complete.
    coalesce(coverage.data_status, 'Complete') as data_status,
    nullif(coverage.reasons, '') as reasons,
from outputs
left join coverage using (output)
order by outputs.position
