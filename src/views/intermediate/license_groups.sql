-- One row per user and SKU with assignment states: the groups that assign it, and what went wrong.
with

users as (
    select user_id, source_file_id from intermediate.current_users
),

groups as (
    select
        group_id,
        any_value(display_name) as display_name,
    from staging.groups
    join intermediate.current_files using (source_file_id)
    group by all
),

-- Lists, because texts put together in order are slow where there are many of few parts.
listed as (
    select
        users.user_id,
        states.sku_id,
        list(states.assigned_by_group_id) as group_ids,
        list(coalesce(groups.display_name, states.assigned_by_group_id)) filter (assignment_state in ('Active', 'ActiveWithError')) as working_names,
        list(states.assignment_error) as errors,
    from staging.user_license_states as states
    join users using (source_file_id, user_id)
    left join groups
      on groups.group_id = states.assigned_by_group_id
    group by users.user_id, states.sku_id
)

select
    user_id,
    sku_id,
    nullif(array_to_string(list_sort(list_distinct(group_ids)), '; '), '') as assigned_by_group_ids,
    nullif(array_to_string(list_sort(list_distinct(working_names)), '; '), '') as working_group_names,
    nullif(array_to_string(list_sort(list_distinct(errors)), '; '), '') as assignment_error,
from listed
