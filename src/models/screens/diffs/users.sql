-- One row per user and property that a diff compares. Unknown is null, nothing is "none".
with

-- What all records have, where it is null, is nothing; what was not exported or was lost is unknown.
columns as (
    select coalesce(list(property), []) as exported
    from intermediate.property_coverage
    where dataset = 'users'
      and records_present > 0
      and records_unselected = 0
      and records_lost = 0
),

items as (
    select
        user_id,
        null::varchar as sku_id,
        user_principal_name,
        null::varchar as product_name,
        case account_enabled when true then 'account enabled' when false then 'account disabled' end as label,
        account_enabled::varchar as account_enabled,
        user_principal_name as upn,
        case when list_contains(exported, 'displayName') then coalesce(display_name, 'none') else display_name end as display_name,
        case when list_contains(exported, 'mail') then coalesce(mail, 'none') else mail end as mail,
        case when list_contains(exported, 'department') then coalesce(department, 'none') else department end as department,
        case when list_contains(exported, 'country') then coalesce(country, 'none') else country end as country,
        user_type,
    from intermediate.current_users
    cross join columns
)

select * replace (case property when 'upn' then 'user_principal_name' else property end as property)
from items
unpivot include nulls (value for property in (account_enabled, upn, display_name, mail, department, country, user_type))
