-- One row per user and property of the MFA status that a diff compares. Unknown is null, nothing is "none".
with

items as (
    select
        user_id,
        null::varchar as sku_id,
        user_principal_name,
        null::varchar as product_name,
        mfa_status as label,
        nullif(mfa_status, 'Not Available') as mfa_status,
        is_admin::varchar as is_admin,
        case methods_registered when '' then 'none' else methods_registered end as methods_registered,
    from mfa_status
)

select *
from items
unpivot include nulls (value for property in (mfa_status, is_admin, methods_registered))
