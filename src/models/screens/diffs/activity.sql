-- One row per user: the activity status, which a diff compares. Unknown is null.
select
    user_id,
    null::varchar as sku_id,
    user_principal_name,
    null::varchar as product_name,
    activity_status as label,
    nullif(activity_status, 'Not Available') as value,
    'activity_status' as property,
from user_activity
