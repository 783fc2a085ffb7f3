-- One row: whose data this is, as of when, and how many users and licensed users it has.
select
    coalesce(any_value(tenant.tenant_name), any_value(tenant.tenant_id), 'Unnamed tenant') as tenant,
    any_value(parameters.as_of) as as_of,
    coalesce((select is_incomplete or records_rejected > 0 from intermediate.dataset_coverage where dataset = 'users'), false) as is_cut,
    (select case when count(*) > 0 then count(*) end from intermediate.current_users) as users,
    (select case when count(*) = 0 then null when count(is_licensed) = count(*) then count(*) filter (is_licensed) else nullif(count(*) filter (is_licensed), 0) end from intermediate.current_users) as licensed,
from intermediate.parameters as parameters
left join meta.tenant as tenant on true
