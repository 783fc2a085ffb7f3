-- One row per list in use: the files that it comes from; of prices, the days from which they hold.
select
    dataset as list,
    string_agg(sha256, ' ' order by sha256) as sha256,
    case when dataset = 'sku_prices' then (select min(valid_from) from staging.sku_prices) end as valid_from_min,
    case when dataset = 'sku_prices' then (select max(valid_from) from staging.sku_prices) end as valid_from_max,
from intermediate.current_files
join meta.source_files using (source_file_id, dataset)
where dataset in ('sku_names', 'sku_prices', 'reclaim_policy')
group by all
order by list
