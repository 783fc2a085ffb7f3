-- One row per user and SKU in assignedLicenses: what its enabled service plans are for, since when the user has them, and which other SKU of the user includes them.
with

facts as (
    select
        users.user_id,
        facts.* exclude (license_set),
    from intermediate.user_holdings as users
    join intermediate.set_facts as facts using (license_set)
    where facts.sku_id is not null
)

select
    facts.*,
    case when facts.are_all_plans_known then dates.plan_date end as plans_assigned_date,
from facts
left join intermediate.plan_dates as dates using (user_id, sku_id)
