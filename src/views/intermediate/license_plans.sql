-- One row per user and SKU in assignedLicenses: what its enabled service plans are for, since when the user has them, and which other SKU of the user includes them.
with

users as (
    select user_id, source_file_id from intermediate.current_users
),

licenses as (
    select
        users.user_id,
        assigned.sku_id,
        any_value(assigned.disabled_plan_ids) as disabled_plan_ids,
    from staging.user_assigned_licenses as assigned
    join users using (source_file_id, user_id)
    group by all
),

-- Who holds the same SKUs with the same plans switched off shares a holding: plans are compared once for each.
holders as (
    select
        user_id,
        array_to_string(list_sort(list(concat_ws(' ', sku_id, array_to_string(disabled_plan_ids, ' ')))), ', ') as skus,
    from licenses
    group by all
),

holdings as (
    select
        skus,
        min(user_id) as user_id,
        row_number() over (order by skus) as holding,
    from holders
    group by skus
),

-- Materialized, for otherwise the engine begins with all holdings of a SKU for each license of it.
user_holdings as materialized (
    select
        users.source_file_id,
        holders.user_id,
        row_number() over () as user_number,
        holdings.holding,
    from holders
    join holdings using (skus)
    join users
      on users.user_id = holders.user_id
),

user_skus as materialized (
    select
        licenses.user_id,
        licenses.sku_id,
        user_holdings.user_number,
        user_holdings.holding,
    from licenses
    join user_holdings using (user_id)
),

plans as (
    select * from intermediate.sku_plans
),

known_skus as (
    select * from intermediate.known_skus
),

held as (
    select
        holdings.holding,
        licenses.sku_id,
        row_number() over () as held_number,
        licenses.disabled_plan_ids,
        known_skus.sku_id is not null as are_plans_known,
        coalesce(known_skus.sku_part_number, '') as part_number,
        coalesce(classes.sku_class in ('Free', 'Trial'), false) as is_free,
        coalesce(units.is_expired, false) as is_expired,
        tiers.family,
        tiers.tier,
    from holdings
    join licenses using (user_id)
    left join known_skus using (sku_id)
    left join intermediate.sku_classes as classes using (sku_id)
    left join intermediate.sku_units as units using (sku_id)
    left join intermediate.sku_tiers as tiers
      on tiers.part_number = regexp_replace(upper(known_skus.sku_part_number), '(_USGOV)?_(GOV|GCC|GCCHIGH|DOD)$', '')
),

held_plans as (
    select
        held.holding,
        held.held_number,
        plans.*,
        coalesce(list_contains(held.disabled_plan_ids, plans.service_plan_id), false) as is_disabled,
    from held
    join plans using (sku_id)
),

-- EXCHANGE_S_FOUNDATION is in most SKUs and gives nothing of its own.
enabled as (
    select
        *,
        count(*) over (partition by holding, service_plan_id) = 1 as is_alone,
    from held_plans
    where not is_disabled
      and service_plan_id is distinct from '113feb6c-3fe4-4440-bddc-54d774bf0318'
),

counted as (
    select
        held_number,
        string_agg(service_plan_name, '; ' order by service_plan_name) filter (is_disabled) as disabled_plans,
        count(*) filter (not is_disabled and not is_prerequisite and service_plan_id is distinct from '113feb6c-3fe4-4440-bddc-54d774bf0318') as plans,
        coalesce(bool_or(is_exchange) filter (not is_disabled), false) as has_exchange,
        coalesce(bool_or(is_onedrive and not is_prerequisite) filter (not is_disabled), false) as has_onedrive,
        coalesce(bool_or(is_sharepoint and not is_prerequisite) filter (not is_disabled), false) as has_sharepoint,
        coalesce(bool_or(is_teams) filter (not is_disabled), false) as has_teams,
        coalesce(bool_or(is_yammer) filter (not is_disabled), false) as has_yammer,
        coalesce(bool_or(is_skype) filter (not is_disabled), false) as has_skype,
        coalesce(bool_or(is_apps) filter (not is_disabled), false) as has_apps,
        coalesce(bool_or(is_copilot) filter (not is_disabled), false) as has_copilot,
    from held_plans
    group by all
),

described as (
    select
        held.*,
        case
            when len(coalesce(held.disabled_plan_ids, [])) = 0 then ''
            else coalesce(counted.disabled_plans, array_to_string(held.disabled_plan_ids, '; '))
        end as disabled_plans,
        -- A SKU that has plans of the company alone has nothing for its users.
        coalesce(counted.plans, case when held.are_plans_known then 0 end) as plans,
        coalesce(counted.has_exchange, case when held.are_plans_known then false end) as has_exchange,
        coalesce(counted.has_onedrive, case when held.are_plans_known then false end) as has_onedrive,
        coalesce(counted.has_sharepoint, case when held.are_plans_known then false end) as has_sharepoint,
        coalesce(counted.has_teams, case when held.are_plans_known then false end) as has_teams,
        coalesce(counted.has_yammer, case when held.are_plans_known then false end) as has_yammer,
        coalesce(counted.has_skype, case when held.are_plans_known then false end) as has_skype,
        coalesce(counted.has_apps, case when held.are_plans_known then false end) as has_apps,
        coalesce(counted.has_copilot, case when held.are_plans_known then false end) as has_copilot,
        bool_and(are_plans_known) over whole as are_all_plans_known,
        count(*) filter (counted.has_exchange) over whole as exchange_skus,
        count(*) filter (counted.has_onedrive) over whole as onedrive_skus,
        count(*) filter (counted.has_sharepoint) over whole as sharepoint_skus,
        count(*) filter (counted.has_teams) over whole as teams_skus,
        count(*) filter (counted.has_yammer) over whole as yammer_skus,
        count(*) filter (counted.has_skype) over whole as skype_skus,
        -- Beside a SKU whose plans are not known, nobody can say that nothing includes this one.
        count(*) filter (not is_free) over whole > 1
        and count(*) filter (not is_free and not are_plans_known) over whole > 0
        and not is_free as is_duplicate_unknown,
    from held
    left join counted using (held_number)
    window whole as (partition by held.holding)
),

shared as (
    select
        a.holding,
        a.sku_id,
        b.sku_id as containing_sku_id,
        count(*) as plans,
    from enabled as a
    join enabled as b
      on a.holding = b.holding
     and a.service_plan_id = b.service_plan_id
     and a.sku_id <> b.sku_id
    where not a.is_prerequisite
      and not b.is_prerequisite
    group by all
),

pairs as (
    select
        a.holding,
        a.sku_id,
        b.sku_id as containing_sku_id,
        b.part_number as containing_part_number,
        coalesce(shared.plans = a.plans, false)
        and (
            b.plans > a.plans
            -- Of two that have the same plans one is enough: the higher tier, else the first by name.
            or coalesce(b.tier, 0) > coalesce(a.tier, 0)
            or (coalesce(b.tier, 0) = coalesce(a.tier, 0) and (b.part_number, b.sku_id) < (a.part_number, a.sku_id))
        ) as is_contained,
        -- A higher tier replaces a lower one only as far as its workloads are not switched off.
        coalesce(
            a.family = b.family
            and a.tier < b.tier
            and a.has_exchange <= b.has_exchange
            and a.has_onedrive <= b.has_onedrive
            and a.has_sharepoint <= b.has_sharepoint
            and a.has_teams <= b.has_teams
            and a.has_yammer <= b.has_yammer
            and a.has_skype <= b.has_skype
            and a.has_apps <= b.has_apps,
            false
        ) as is_lower,
    from described as a
    join described as b
      on a.holding = b.holding
     and a.sku_id <> b.sku_id
    left join shared
      on shared.holding = a.holding
     and shared.sku_id = a.sku_id
     and shared.containing_sku_id = b.sku_id
    where not a.is_free
      and not b.is_free
      -- What has expired replaces nothing.
      and not b.is_expired
),

duplicates as (
    select
        pairs.holding,
        pairs.sku_id,
        min_by(containing_sku_id, (not is_contained, containing_part_number, containing_sku_id)) as duplicate_of_sku_id,
        case when bool_or(is_contained) then 'Service plans' else 'Tier' end as duplicate_by,
    from pairs
    left join (
        select holding, sku_id as other_sku_id, containing_sku_id as inner_sku_id
        from pairs
        where is_contained
    ) as reverse
      on reverse.holding = pairs.holding
     and reverse.other_sku_id = pairs.containing_sku_id
     and reverse.inner_sku_id = pairs.sku_id
    -- Of two that could each be told to include the other, the plans decide: one stays.
    where is_contained
       or (is_lower and reverse.holding is null)
    group by all
),

-- A plan that one SKU alone brings tells when that SKU came.
assigned_plans as (
    select
        user_holdings.user_number,
        enabled.held_number,
        max(assigned.assigned_at)::date as plans_assigned_date,
    from staging.user_assigned_plans as assigned
    join user_holdings using (source_file_id, user_id)
    join enabled using (holding, service_plan_id)
    where enabled.is_alone
      and assigned.capability_status is distinct from 'Deleted'
    group by all
)

select
    user_skus.user_id,
    user_skus.sku_id,
    described.* exclude (holding, held_number, sku_id, disabled_plan_ids, part_number, family, tier, is_expired),
    duplicates.duplicate_of_sku_id,
    duplicates.duplicate_by,
    case when are_all_plans_known then assigned_plans.plans_assigned_date end as plans_assigned_date,
from user_skus
join described using (holding, sku_id)
left join duplicates using (holding, sku_id)
left join assigned_plans using (user_number, held_number)
