-- One row per SKU and currency: the price of one unit that began last, at most on `as_of`, and what it comes to in a month.
with

parameters as (
    select * from intermediate.parameters
),

listed as (
    select prices.*
    from intermediate.priced_skus as prices
    cross join parameters
    where prices.valid_from <= parameters.as_of
       or prices.valid_from is null
)

-- In each currency the price that began last; of two of that day the one by the month.
select
    source_file_id,
    record_number,
    sku_id,
    unit_price,
    currency,
    billing_period,
    valid_from,
    case billing_period when 'year' then 12 else 1 end as months,
    -- Where there are several currencies a license has the price that began last.
    row_number() over (partition by sku_id order by valid_from desc nulls last, currency, billing_period, record_number desc) = 1 as is_newest,
from listed
qualify row_number() over (
    partition by sku_id, currency
    order by valid_from desc nulls last, billing_period, record_number desc
) = 1
