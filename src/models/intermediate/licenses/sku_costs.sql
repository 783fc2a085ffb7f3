-- One row per SKU and currency: the price of one unit that began last, at most on `as_of`, and what it comes to in a month.
with

parameters as (
    select * from intermediate.parameters
),

names as (
    select
        sku_id,
        upper(sku_part_number) as part_number,
    from intermediate.sku_product_names
),

listed as (
    select
        coalesce(prices.sku_id, names.sku_id) as sku_id,
        prices.unit_price::decimal(18, 4) as unit_price,
        prices.currency,
        prices.billing_period,
        prices.valid_from,
        prices.record_number,
    from staging.sku_prices as prices
    join intermediate.current_files using (source_file_id)
    cross join parameters
    left join names
      on prices.sku_id is null
     and prices.sku_part_number = names.part_number
    where prices.valid_from <= parameters.as_of
       or prices.valid_from is null
)

-- In each currency the price that began last; of two of that day the one by the month.
select
    sku_id,
    unit_price,
    currency,
    billing_period,
    valid_from,
    case billing_period when 'year' then 12 else 1 end as months,
    -- Where there are several currencies a license has the price that began last.
    row_number() over (partition by sku_id order by valid_from desc nulls last, currency, billing_period, record_number desc) = 1 as is_newest,
from listed
where sku_id is not null
qualify row_number() over (
    partition by sku_id, currency
    order by valid_from desc nulls last, billing_period, record_number desc
) = 1
