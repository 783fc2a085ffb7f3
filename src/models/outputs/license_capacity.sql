-- One row per SKU that needs somebody's attention: the gravest condition of its units, and what to do.
with

units as (
    select * from intermediate.sku_units
),

subscriptions as (
    select
        sku_id,
        -- What has ended does not tell when that which is in force is renewed.
        coalesce(
            min(next_lifecycle_at) filter (coalesce(subscription_status in ('Enabled', 'Warning'), true)),
            case when not bool_or(coalesce(subscription_status in ('Enabled', 'Warning'), true)) then min(next_lifecycle_at) end
        )::date as next_lifecycle_date,
    from staging.directory_subscriptions
    join intermediate.current_files using (source_file_id)
    where subscription_status is distinct from 'Deleted'
    group by all
),

judged as (
    select
        units.*,
        names.sku_part_number,
        names.product_name,
        coalesce(classes.sku_class, 'Unknown') as sku_class,
        subscriptions.next_lifecycle_date,
        -- What is free, a trial or the company's has no number of units that could run short.
        coalesce(classes.sku_class in ('Free', 'Trial'), false) or is_company as is_uncounted,
        case when not is_uncounted and not coalesce(is_expired, false) then usable_units - consumed_units end as available_units,
        case
            when is_expired then 'Expired'
            when available_units < 0 then 'Over-assigned'
            when warning_units > 0 or regexp_matches(capability_status, '\bWarning\b') then 'Warning'
            when suspended_units > 0 or locked_out_units > 0 or regexp_matches(capability_status, '\b(Suspended|LockedOut)\b') then 'Suspended'
            when available_units is not null and usable_units > 0 and consumed_units >= 0.9 * usable_units then 'Nearly full'
        end as condition,
    from units
    left join subscriptions using (sku_id)
    left join intermediate.sku_classes as classes using (sku_id)
    left join intermediate.sku_product_names as names using (sku_id)
)

select
    sku_id,
    sku_part_number,
    product_name,
    sku_class,
    applies_to,
    condition,
    capability_status,
    enabled_units,
    warning_units,
    suspended_units,
    locked_out_units,
    usable_units,
    consumed_units,
    available_units,
    next_lifecycle_date,
    case condition
        when 'Expired' then case
            when consumed_units = 0 then 'Nothing: no unit of it is assigned'
            else 'Renew it, or take it from those who still have it' || coalesce(': ' || consumed_units, '')
        end
        when 'Over-assigned' then 'Buy more, or take it from as many: ' || -available_units
        when 'Warning' then 'Renew before the grace period ends'
            || coalesce('; ' || warning_units || ' units would go', '')
            || case when consumed_units > enabled_units then ', ' || (consumed_units - enabled_units) || ' of them assigned' else '' end
        when 'Suspended' then 'Renew the suspended units, or do without them' || coalesce(': ' || nullif(suspended_units + coalesce(locked_out_units, 0), 0), '')
        when 'Nearly full' then 'Plan for more; units left: ' || available_units
    end as remedy,
from judged
where condition is not null
