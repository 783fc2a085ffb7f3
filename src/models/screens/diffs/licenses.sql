-- One row per user, SKU and property that a diff compares. Unknown is null, nothing is "none".
with

items as (
    select
        user_id,
        sku_id,
        user_principal_name,
        product_name,
        assignment_path || case when consumes_unit then '' else ', failed' end as label,
        nullif(assignment_path, 'Unknown') as assignment_path,
        case when assignment_path <> 'Unknown' then coalesce(assigned_by_group_ids, 'none') end as assigned_by_group_ids,
        assignment_state,
        case when assignment_state is not null then coalesce(assignment_error, 'none') end as assignment_error,
        consumes_unit::varchar as consumes_unit,
    from license_assignments
)

select *
from items
unpivot include nulls (value for property in (assignment_path, assigned_by_group_ids, assignment_state, assignment_error, consumes_unit))
