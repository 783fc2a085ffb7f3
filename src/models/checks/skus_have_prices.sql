-- One row per SKU in use that the imported list of prices lacks.
with

parameters as (
    select as_of from intermediate.parameters
),

prices as (
    select
        prices.sku_id,
        prices.sku_part_number,
    from staging.sku_prices as prices
    join intermediate.current_files using (source_file_id)
    cross join parameters
    where prices.valid_from <= parameters.as_of
       or prices.valid_from is null
),

used as (
    select
        sku_id,
        max(upper(sku_part_number)) as sku_part_number,
        sum(consumed_units) as consumed_units,
    from intermediate.current_subscribed_skus
    group by all
    having sum(consumed_units) > 0
)

select
    'warning' as severity,
    'sku_without_price' as finding,
    'sku_prices' as dataset,
    used.consumed_units::bigint as affected_records,
    coalesce(used.sku_part_number, used.sku_id) || ' has no price, so that its cost is unknown; units in use: ' || used.consumed_units as detail,
    'Add it to the list of prices and import that again.' as remedy,
from used
left join intermediate.sku_classes as classes using (sku_id)
where exists (select * from intermediate.current_files where dataset = 'sku_prices')
  and classes.sku_class is distinct from 'Free'
  and classes.sku_class is distinct from 'Trial'
  and used.sku_id not in (select sku_id from prices where sku_id is not null)
  and coalesce(used.sku_part_number not in (select sku_part_number from prices where sku_part_number is not null), true)
