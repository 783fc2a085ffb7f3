-- One row per price of the list and SKU that it is of, whenever it begins.
with

names as (
    select
        sku_id,
        upper(sku_part_number) as part_number,
    from intermediate.sku_product_names
)

select
    prices.source_file_id,
    prices.record_number,
    coalesce(prices.sku_id, names.sku_id) as sku_id,
    prices.unit_price::decimal(18, 4) as unit_price,
    prices.currency,
    prices.billing_period,
    prices.valid_from,
from staging.sku_prices as prices
join intermediate.current_files using (source_file_id)
left join names
  on prices.sku_id is null
 and prices.sku_part_number = names.part_number
where coalesce(prices.sku_id, names.sku_id) is not null
