-- One row per subscribed SKU: its units over all of its subscribed SKU objects, and whether they have run out.
with

summed as (
    select
        sku_id,
        string_agg(distinct applies_to, '; ' order by applies_to) as applies_to,
        string_agg(distinct capability_status, '; ' order by capability_status) as capability_status,
        bool_and(capability_status in ('Suspended', 'LockedOut', 'Deleted')) and count(capability_status) = count(*) as is_expired,
        -- A sum with an unknown part is unknown.
        case when count(enabled_units) = count(*) then sum(enabled_units)::bigint end as enabled_units,
        case when count(warning_units) = count(*) then sum(warning_units)::bigint end as warning_units,
        case when count(suspended_units) = count(*) then sum(suspended_units)::bigint end as suspended_units,
        case when count(locked_out_units) = count(*) then sum(locked_out_units)::bigint end as locked_out_units,
        case when count(consumed_units) = count(*) then sum(consumed_units)::bigint end as consumed_units,
        string_agg(subscribed_sku_id, '; ' order by subscribed_sku_id) as subscribed_sku_ids,
    from intermediate.current_subscribed_skus
    group by all
)

select
    summed.*,
    enabled_units + warning_units as usable_units,
    coalesce(applies_to = 'Company', false) as is_company,
from summed
