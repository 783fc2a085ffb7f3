-- One row per SKU whose service plans the current subscribed SKUs tell, those of the company included.
select
    sku_id,
    min(plans.sku_part_number) as sku_part_number,
from staging.sku_service_plans as plans
join intermediate.current_files using (source_file_id)
group by all
-- A plan without its name may be for any workload.
having count(plans.service_plan_name) = count(*)
