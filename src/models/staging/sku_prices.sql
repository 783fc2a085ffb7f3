-- One row per price of a list of prices.
select
    source_file_id,
    record_number,
    skuId::varchar as sku_id,
    upper(trim(skuPartNumber)) as sku_part_number,
    unitPrice as unit_price,
    upper(currency) as currency,
    case when lower(billingPeriod) like 'month%' then 'month' else 'year' end as billing_period,
    validFrom as valid_from,
from raw.sku_prices
