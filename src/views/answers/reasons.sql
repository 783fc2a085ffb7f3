-- One row per reason why outputs are not complete, the one that concerns most outputs first.
with

reasons as (
    select
        output,
        unnest(reason_list) as reason,
    from intermediate.output_coverage
    where data_status <> 'Complete'
)

select reason
from reasons
group by all
order by count(*) desc, reason
