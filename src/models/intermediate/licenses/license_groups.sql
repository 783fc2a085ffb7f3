-- One row per holding and SKU with assignment states: the groups that assign it, and what went wrong.
with

groups as (
    select
        group_id,
        any_value(display_name) as display_name,
    from staging.groups
    join intermediate.current_files using (source_file_id)
    group by all
),

listed as (
    select
        paths.holding,
        paths.sku_id,
        list(paths.assigned_by_group_id) as group_ids,
        list(coalesce(groups.display_name, paths.assigned_by_group_id)) filter (is_working) as working_names,
        list(paths.assignment_error) as errors,
    from intermediate.holding_paths as paths
    left join groups
      on groups.group_id = paths.assigned_by_group_id
    group by paths.holding, paths.sku_id
)

select
    holding,
    sku_id,
    nullif(array_to_string(list_sort(list_distinct(group_ids)), '; '), '') as assigned_by_group_ids,
    nullif(array_to_string(list_sort(list_distinct(working_names)), '; '), '') as working_group_names,
    nullif(array_to_string(list_sort(list_distinct(errors)), '; '), '') as assignment_error,
from listed
