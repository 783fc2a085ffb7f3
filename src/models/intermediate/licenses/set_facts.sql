-- One row per set of licenses and SKU in it: what its enabled service plans are for, and which other SKU of the set includes them.
-- materialize: at the latest date
with

known_skus as (
    select * from intermediate.known_skus
),

held as (
    select
        licenses.license_set,
        licenses.sku_id,
        licenses.disabled_plan_ids,
        known_skus.sku_id is not null as are_plans_known,
        coalesce(known_skus.sku_part_number, '') as part_number,
        coalesce(classes.sku_class in ('Free', 'Trial'), false) as is_free,
        coalesce(units.is_expired, false) as is_expired,
        tiers.family,
        tiers.tier,
    from intermediate.set_licenses as licenses
    left join known_skus using (sku_id)
    left join intermediate.sku_classes as classes using (sku_id)
    left join intermediate.sku_units as units using (sku_id)
    left join intermediate.sku_tiers as tiers using (sku_id)
),

held_plans as (
    select * from intermediate.set_plans
),

enabled as (
    select * from held_plans where not is_disabled and not is_foundation
),

counted as (
    select
        license_set,
        sku_id,
        string_agg(service_plan_name, '; ' order by service_plan_name) filter (is_disabled) as disabled_plans,
        count(*) filter (not is_disabled and not is_prerequisite and not is_foundation) as plans,
        coalesce(bool_or(is_exchange) filter (not is_disabled), false) as has_exchange,
        coalesce(bool_or(is_onedrive and not is_prerequisite) filter (not is_disabled), false) as has_onedrive,
        coalesce(bool_or(is_sharepoint and not is_prerequisite) filter (not is_disabled), false) as has_sharepoint,
        coalesce(bool_or(is_teams) filter (not is_disabled), false) as has_teams,
        coalesce(bool_or(is_yammer) filter (not is_disabled), false) as has_yammer,
        coalesce(bool_or(is_skype) filter (not is_disabled), false) as has_skype,
        coalesce(bool_or(is_apps) filter (not is_disabled), false) as has_apps,
        coalesce(bool_or(is_copilot) filter (not is_disabled), false) as has_copilot,
        -- What the user has by this SKU alone.
        coalesce(bool_or(is_exchange) filter (is_own), false) as gives_exchange,
        coalesce(bool_or(is_onedrive and not is_prerequisite) filter (is_own), false) as gives_onedrive,
        coalesce(bool_or(is_sharepoint and not is_prerequisite) filter (is_own), false) as gives_sharepoint,
        coalesce(bool_or(is_teams) filter (is_own), false) as gives_teams,
        coalesce(bool_or(is_yammer) filter (is_own), false) as gives_yammer,
        coalesce(bool_or(is_skype) filter (is_own), false) as gives_skype,
        coalesce(bool_or(is_apps) filter (is_own), false) as gives_apps,
        coalesce(bool_or(is_copilot) filter (is_own), false) as gives_copilot,
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
        counted.gives_exchange,
        counted.gives_onedrive,
        counted.gives_sharepoint,
        counted.gives_teams,
        counted.gives_yammer,
        counted.gives_skype,
        counted.gives_apps,
        counted.gives_copilot,
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
    left join counted using (license_set, sku_id)
    window whole as (partition by held.license_set)
),

shared as (
    select
        a.license_set,
        a.sku_id,
        b.sku_id as containing_sku_id,
        count(*) as plans,
    from enabled as a
    join enabled as b
      on a.license_set = b.license_set
     and a.service_plan_id = b.service_plan_id
     and a.sku_id <> b.sku_id
    where not a.is_prerequisite
      and not b.is_prerequisite
    group by all
),

pairs as (
    select
        a.license_set,
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
      on a.license_set = b.license_set
     and a.sku_id <> b.sku_id
    left join shared
      on shared.license_set = a.license_set
     and shared.sku_id = a.sku_id
     and shared.containing_sku_id = b.sku_id
    where not a.is_free
      and not b.is_free
      -- What has expired replaces nothing.
      and not b.is_expired
),

duplicates as (
    select
        pairs.license_set,
        pairs.sku_id,
        min_by(containing_sku_id, (not is_contained, containing_part_number, containing_sku_id)) as duplicate_of_sku_id,
        case when bool_or(is_contained) then 'Service plans' else 'Tier' end as duplicate_by,
    from pairs
    left join (
        select license_set, sku_id as other_sku_id, containing_sku_id as inner_sku_id
        from pairs
        where is_contained
    ) as reverse
      on reverse.license_set = pairs.license_set
     and reverse.other_sku_id = pairs.containing_sku_id
     and reverse.inner_sku_id = pairs.sku_id
    -- Of two that could each be told to include the other, the plans decide: one stays.
    where is_contained
       or (is_lower and reverse.license_set is null)
    group by all
)

select
    described.* exclude (disabled_plan_ids, part_number, family, tier, is_expired),
    duplicates.duplicate_of_sku_id,
    duplicates.duplicate_by,
from described
left join duplicates using (license_set, sku_id)
