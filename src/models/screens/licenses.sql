-- One row per SKU, the most used first; behind those that are bought for users their total, then what has expired, free SKUs, trials and those of the company.
with

summary as (
    select
        *,
        coalesce(regexp_matches(capability_status, '^(Deleted|LockedOut|Suspended)(; (LockedOut|Suspended))*$'), false) as is_expired,
        sku_class in ('Free', 'Trial') or coalesce(applies_to = 'Company', false) or is_expired as is_uncounted,
        coalesce(product_name, sku_part_number, sku_id)
        || case
            when coalesce(applies_to = 'Company', false) then ' [company]'
            when sku_class = 'Trial' then ' [trial]'
            when sku_class = 'Free' then ' [free]'
            when is_expired then ' [expired]'
            else ''
        end as name,
    from license_summary
),

total as (
    select
        'Total of the above' as name,
        -- A sum with an unknown part is unknown.
        case when count(enabled_units) = count(*) then sum(enabled_units)::bigint end as enabled_units,
        case when count(warning_units) = count(*) then sum(warning_units)::bigint end as warning_units,
        case when count(consumed_units) = count(*) then sum(consumed_units)::bigint end as consumed_units,
        case when count(available_units) = count(*) then sum(available_units)::bigint end as available_units,
        case when count(inactive_assigned_units) = count(*) then sum(inactive_assigned_units)::bigint end as inactive_assigned_units,
        case when count(reclaimable_units) = count(*) then sum(reclaimable_units)::bigint end as reclaimable_units,
    from summary
    where not is_uncounted
    having count(*) > 1
),

lines as (
    select 0 as part, * from summary where not is_uncounted
    union all by name
    select 1 as part, * from total
    union all by name
    select 2 as part, * from summary where is_uncounted
)

select
    name as "Licenses",
    enabled_units as "enabled",
    warning_units as "grace",
    consumed_units as "assigned",
    available_units as "left",
    inactive_assigned_units as "unused",
    reclaimable_units as "reclaim",
from lines
order by part, consumed_units desc nulls last, 1
