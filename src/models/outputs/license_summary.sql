-- One row per SKU: units bought, assigned and free, and how many of the assigned ones nobody uses. Unknown counts are null.
with

subscribed as (
    select * from intermediate.sku_units
),

classes as (
    select * from intermediate.sku_classes
),

assigned as (
    select
        sku_id,
        count(*) as assigned_users,
        count(*) filter (account_enabled = false) as account_disabled_users,
        count(*) filter (account_enabled is null) as account_unknown_users,
        count(*) filter (activity_status = 'Inactive') as inactive_users,
        count(*) filter (activity_status = 'No activity') as no_activity_users,
        count(*) filter (coalesce(activity_status, 'Not Available') = 'Not Available') as activity_unknown_users,
        count(*) filter (reclaim_reason is not null and hard_blocker is null) as reclaimable_units,
        count(*) filter (needs_review) as review_units,
        count(*) filter (reclaim_reason is null and is_reclaim_unknown) as reclaim_unknown_units,
        count(*) filter (sku_activity_status = 'Active') as sku_active,
        count(*) filter (sku_activity_status = 'Inactive') as sku_inactive,
        count(*) filter (sku_activity_status = 'No activity') as sku_no_activity,
        count(*) filter (sku_activity_status = 'Not monitored') as sku_not_monitored,
        count(*) filter (sku_activity_status = 'Not Available') as sku_not_available,
    from intermediate.license_facts
    where consumes_unit
    group by all
),

coverage as (
    select * from intermediate.dataset_coverage where dataset in ('users', 'subscribed_skus')
),

user_export as (
    select
        coverage.is_supplied
        and (coverage.records_loaded = 0 or properties.records_present > properties.records_lost) as has_licenses,
        coalesce(coverage.is_incomplete, true)
        or coalesce(coverage.records_rejected, 0) > 0
        or coalesce(properties.records_lost, 0) > 0
        or coalesce(properties.records_present - properties.records_null < properties.records, true)
        -- A license that does not say of which SKU it is may be of any.
        or exists (from assigned where sku_id is null) as is_cut,
    from coverage
    left join intermediate.property_coverage as properties
      on properties.dataset = coverage.dataset
     and properties.property = 'assignedLicenses'
    where coverage.dataset = 'users'
),

sku_export as (
    select
        is_supplied,
        snapshot_date as units_snapshot_date,
        coalesce(is_incomplete, true) or coalesce(records_rejected, 0) > 0 as is_cut,
    from coverage
    where dataset = 'subscribed_skus'
),

names as (
    select * from intermediate.sku_product_names
),

counted as (
    select
        coalesce(subscribed.sku_id, assigned.sku_id) as sku_id,
        subscribed.* exclude (sku_id),
        user_export.has_licenses,
        user_export.is_cut,
        sku_export.is_supplied and not sku_export.is_cut and subscribed.sku_id is not null as is_subscribed_known,
        assigned.account_unknown_users,
        assigned.activity_unknown_users,
        assigned.reclaim_unknown_units,
        case when subscribed.sku_id is not null then sku_export.units_snapshot_date end as units_snapshot_date,
        -- Of a cut export, or one where some users lack the property, a count above zero is a lower bound, and zero says nothing.
        case when has_licenses then coalesce(assigned_users, 0) end as all_users,
        case when user_export.is_cut then nullif(all_users, 0) else all_users end as assigned_users,
        case when has_licenses then coalesce(account_disabled_users, 0) end as all_disabled,
        case when has_licenses then coalesce(inactive_users, 0) end as all_inactive,
        case when has_licenses then coalesce(no_activity_users, 0) end as all_no_activity,
        case when has_licenses then coalesce(reclaimable_units, 0) end as all_reclaimable,
        case when has_licenses then coalesce(review_units, 0) end as all_review,
        case when has_licenses then coalesce(sku_active, 0) end as all_sku_active,
        case when has_licenses then coalesce(sku_inactive, 0) end as all_sku_inactive,
        case when has_licenses then coalesce(sku_no_activity, 0) end as all_sku_no_activity,
        case when has_licenses then coalesce(sku_not_monitored, 0) end as all_sku_not_monitored,
        case when has_licenses then coalesce(sku_not_available, 0) end as all_sku_not_available,
    from subscribed
    full join (select * from assigned where sku_id is not null) as assigned using (sku_id)
    cross join user_export
    cross join sku_export
),

known as (
    select
        *,
        case when is_cut or account_unknown_users > 0 then nullif(all_disabled, 0) else all_disabled end as account_disabled_users,
        case when is_cut or activity_unknown_users > 0 then nullif(all_inactive, 0) else all_inactive end as inactive_users,
        case when is_cut or activity_unknown_users > 0 then nullif(all_no_activity, 0) else all_no_activity end as no_activity_users,
        case when is_cut or reclaim_unknown_units > 0 then nullif(all_reclaimable, 0) else all_reclaimable end as all_known_reclaimable,
        coalesce(sku_class, 'Unknown') as known_class,
        -- What is free, a trial or the company's is not bought by the unit: nothing of it is left over or worth taking back.
        coalesce(sku_class in ('Free', 'Trial'), false) or coalesce(is_company, false) as is_uncounted,
        case when not is_uncounted and not coalesce(is_expired, false) then usable_units - consumed_units end as available_units,
        case when not is_uncounted then all_known_reclaimable end as reclaimable_units,
        case when is_cut then nullif(all_sku_active, 0) else all_sku_active end as sku_active_users,
        case when is_cut then nullif(all_sku_inactive, 0) else all_sku_inactive end as sku_inactive_users,
        case when is_cut then nullif(all_sku_no_activity, 0) else all_sku_no_activity end as sku_no_activity_users,
        case when is_cut then nullif(all_sku_not_monitored, 0) else all_sku_not_monitored end as sku_not_monitored_users,
        case when is_cut then nullif(all_sku_not_available, 0) else all_sku_not_available end as sku_not_available_users,
        case when is_cut or all_sku_not_available > 0 then nullif(all_sku_inactive + all_sku_no_activity, 0) else all_sku_inactive + all_sku_no_activity end as all_unused,
        case when all_known_reclaimable is not null then all_review end as known_review,
    from counted
    left join classes using (sku_id)
),

status as (
    select data_status from intermediate.output_coverage where output = 'license_summary'
),

described as (
    select
        known.sku_id,
        names.sku_part_number,
        names.product_name,
        known.known_class as sku_class,
        known.applies_to,
        known.capability_status,
        known.enabled_units,
        known.warning_units,
        known.suspended_units,
        known.locked_out_units,
        known.usable_units,
        known.consumed_units,
        known.available_units,
        known.assigned_users,
        known.account_disabled_users,
        known.inactive_users,
        known.no_activity_users,
        known.reclaimable_units,
        case
            when known.available_units is not null and known.reclaimable_units is not null
                then greatest(0, known.available_units + known.reclaimable_units)
        end as surplus_units,
        known.subscribed_sku_ids,
        -- A SKU that users have and the subscribed SKUs lack is known by half.
        case when status.data_status = 'Complete' and not is_subscribed_known then 'Partial' else status.data_status end as data_status,
        known.sku_active_users,
        known.sku_inactive_users,
        known.sku_no_activity_users,
        known.sku_not_monitored_users,
        known.sku_not_available_users,
        -- What has no available units has none of these.
        case when known.available_units is not null then known.all_unused end as inactive_assigned_units,
        case when known.available_units is not null then known.known_review end as reclaimable_review_units,
        case
            when known.available_units is not null and known.reclaimable_units is not null
                then greatest(0, known.available_units + known.reclaimable_units - known.known_review)
        end as surplus_units_sure,
        case when known.available_units is not null then known.enabled_units - known.consumed_units end as available_enabled_units,
        case when known.available_units is not null then greatest(0, known.consumed_units - known.enabled_units) end as at_risk_units,
        known.units_snapshot_date,
    from known
    left join names using (sku_id)
    cross join status
),

-- The list of the admin center stands in for the subscribed SKUs. Its titles are no identifiers: they are matched with nothing.
products as (
    select
        product_name,
        'Unknown' as sku_class,
        total_units as enabled_units,
        assigned_units as consumed_units,
        'Partial' as data_status,
        snapshot_date as units_snapshot_date,
    from intermediate.current_license_products
    cross join sku_export
    where not sku_export.is_supplied
)

select * from described
union all by name
select * from products
