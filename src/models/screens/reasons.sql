-- One row per reason why outputs are not complete, the one that concerns most outputs first; properties of one export that were left out stand together.
with

reasons as (
    select
        output,
        unnest(reason_list) as reason,
    from intermediate.output_coverage
    where data_status <> 'Complete'
),

parts as (
    select
        output,
        reason,
        nullif(regexp_extract(reason, '^([a-z0-9_]+ was exported without )', 1), '') as head,
    from reasons
),

counted as (
    select
        coalesce(parts.head, reason) as head,
        string_agg(distinct substr(reason, length(parts.head) + 1), ', ' order by substr(reason, length(parts.head) + 1)) as properties,
        count(distinct output) as outputs,
    from parts
    group by coalesce(parts.head, reason)
)

select head || coalesce(properties, '') as reason
from counted
order by outputs desc, reason
