-- One row per person, SKU, column of `license_assignments` and record that was looked at for it.
with

users as (
    select
        users.*,
        source_file_id in (select source_file_id from intermediate.current_files) as is_current,
    from staging.users as users
    where deleted_at is null
),

assigned as (
    select
        users.user_id as person_key,
        licenses.sku_id as subject,
        users.source_file_id,
        users.record_number,
        users.is_current as is_chosen,
        figures.figure,
        'assignedLicenses' as property,
        case when figure = 'disabled_plans' then array_to_string(disabled_plan_ids, '; ') else licenses.sku_id end as evidence,
        case when not users.is_current then 'an export of another day, or one that was replaced' end as remark,
    from users
    join staging.user_assigned_licenses as licenses using (source_file_id, user_id)
    cross join (values ('sku_id'), ('consumes_unit'), ('disabled_plans')) as figures (figure)
    where users.is_current
       or figures.figure = 'sku_id'
),

states as (
    select
        users.user_id as person_key,
        states.sku_id as subject,
        users.source_file_id,
        users.record_number,
        true as is_chosen,
        unnest([
            {figure: 'assignment_path', property: 'licenseAssignmentStates.assignedByGroup', evidence: coalesce(assigned_by_group_id, 'none: direct')},
            {figure: 'assigned_by_group_ids', property: 'licenseAssignmentStates.assignedByGroup', evidence: assigned_by_group_id},
            {figure: 'assignment_state', property: 'licenseAssignmentStates.state', evidence: assignment_state},
            {figure: 'assignment_error', property: 'licenseAssignmentStates.error', evidence: assignment_error},
        ], recursive := true),
        null::varchar as remark,
    from users
    join staging.user_license_states as states using (source_file_id, user_id)
    where users.is_current
),

skus as (
    select
        licenses.user_id as person_key,
        skus.sku_id as subject,
        skus.source_file_id,
        skus.record_number,
        true as is_chosen,
        figures.figure,
        'skuPartNumber' as property,
        skus.sku_part_number as evidence,
        case when figure = 'product_name' then 'the name of this SKU in the list of names' end as remark,
    from intermediate.license_paths as licenses
    join intermediate.current_subscribed_skus as skus using (sku_id)
    cross join (values ('sku_part_number'), ('product_name')) as figures (figure)
),

facts as (
    select
        license_facts.user_id,
        license_facts.sku_id,
        license_facts.assigned_at,
        license_facts.assigned_at_source,
        license_facts.reclaim_reason,
        license_facts.activity_status,
        license_facts.activity_as_of,
        license_facts.days_unused,
        license_facts.after_days,
        license_facts.duplicate_of_sku_id,
        license_facts.consumes_unit,
    from intermediate.license_facts as license_facts
),

since as (
    select
        facts.user_id as person_key,
        facts.sku_id as subject,
        users.source_file_id,
        users.record_number,
        true as is_chosen,
        'assigned_at' as figure,
        case facts.assigned_at_source when 'Service plans' then 'assignedPlans.assignedDateTime' else 'assignedLicenses' end as property,
        facts.assigned_at::varchar as evidence,
        case when facts.assigned_at_source = 'First snapshot' then 'an earlier export shows the user without it' end as remark,
    from facts
    join users using (user_id)
    where users.is_current
      and facts.assigned_at_source in ('Service plans', 'First snapshot')
),

reported as (
    select
        facts.user_id as person_key,
        facts.sku_id as subject,
        evidence.source_file_id,
        evidence.record_number,
        true as is_chosen,
        'assigned_at' as figure,
        'the license assign dates' as property,
        facts.assigned_at::varchar as evidence,
        null::varchar as remark,
    from facts
    join intermediate.evidence as evidence
      on facts.user_id = evidence.person_key
    where facts.assigned_at_source = 'Usage report'
      and evidence.dataset = 'office365_active_user_detail'
      and evidence.unmatched_reason is null
),

-- Why there is a reason, or none.
judged as (
    select
        facts.user_id as person_key,
        facts.sku_id as subject,
        users.source_file_id,
        users.record_number,
        true as is_chosen,
        'reclaim_reason' as figure,
        case when facts.reclaim_reason = 'Account disabled' then 'accountEnabled' end as property,
        case
            when not facts.consumes_unit then 'the assignment failed: no unit is consumed'
            when facts.reclaim_reason in ('Shared mailbox', 'Room or equipment') then 'such a mailbox needs no license, and nothing else of the SKU was used'
            when facts.reclaim_reason = 'Account disabled' then 'false'
            when facts.reclaim_reason = 'Duplicate product' then 'all that it gives is in SKU ' || facts.duplicate_of_sku_id
            when facts.activity_status in ('Inactive', 'No activity') then concat_ws(
                ', ',
                case when facts.reclaim_reason is null then 'not yet' end,
                coalesce('unused for ' || facts.days_unused || ' days up to ' || facts.activity_as_of, 'no use up to ' || facts.activity_as_of),
                'account created on ' || users.created_at::date,
                coalesce('license since ' || facts.assigned_at, 'since when the user has the license is not known'),
                'threshold ' || facts.after_days || ' days'
            )
            when facts.activity_status = 'Active' then 'in use'
            else 'whether it is used is not known'
        end as evidence,
        null::varchar as remark,
    from facts
    join users using (user_id)
    where users.is_current
),

mailboxes as (
    select
        coalesce(boxes.user_id, users.user_id) as person_key,
        null::varchar as subject,
        boxes.source_file_id,
        boxes.record_number,
        true as is_chosen,
        unnest([
            {figure: 'reclaim_reason', property: 'recipientTypeDetails', evidence: boxes.mailbox_type},
            {figure: 'reclaim_blocker', property: 'recipientTypeDetails', evidence: boxes.mailbox_type},
            {figure: 'reclaim_blocker', property: 'litigationHoldEnabled', evidence: boxes.has_litigation_hold::varchar},
            {figure: 'reclaim_blocker', property: 'inPlaceHolds', evidence: boxes.in_place_holds::varchar},
            {figure: 'reclaim_blocker', property: 'delayHoldApplied or delayReleaseHoldApplied', evidence: boxes.has_delay_hold::varchar},
            {figure: 'reclaim_blocker', property: 'complianceTagHoldApplied', evidence: boxes.has_label_hold::varchar},
            {figure: 'reclaim_blocker', property: 'archiveGuid or archiveStatus', evidence: boxes.has_archive::varchar},
        ], recursive := true),
        null::varchar as remark,
    from staging.mailboxes as boxes
    join intermediate.current_files using (source_file_id)
    left join intermediate.current_users as users
      on case when boxes.user_id is null then boxes.upn_key end = users.upn_key
),

-- Of the prices of the SKU one counts; what has expired and what takes no unit costs nothing.
priced as (
    select
        prices.*,
        facts.user_id,
        regexp_replace(prices.unit_price::varchar, '\.?0+$', '') as price,
        costs.sku_id is not null as is_chosen,
        case
            when costs.sku_id is null and prices.valid_from > parameters.as_of then 'begins only on ' || prices.valid_from
            when costs.sku_id is null then 'another price of the SKU counts: the one that began last'
        end as remark,
        case
            when costs.sku_id is null then null
            when not coalesce(facts.consumes_unit, false) then 'the assignment consumes no unit: no cost'
            when units.is_expired then 'the SKU has expired: no cost'
            when prices.billing_period = 'year' then 'a twelfth of the price of a year'
        end as cost_remark,
    from facts
    join intermediate.priced_skus as prices using (sku_id)
    cross join intermediate.parameters as parameters
    left join intermediate.sku_costs as costs
      on costs.is_newest
     and costs.source_file_id = prices.source_file_id
     and costs.record_number = prices.record_number
     and costs.sku_id = prices.sku_id
    left join intermediate.sku_units as units
      on units.sku_id = prices.sku_id
),

prices as (
    select
        priced.user_id as person_key,
        priced.sku_id as subject,
        priced.source_file_id,
        priced.record_number,
        priced.is_chosen,
        unnest([
            {figure: 'unit_price', property: 'unitPrice', evidence: price, remark: remark},
            {figure: 'currency', property: 'currency', evidence: currency, remark: remark},
            {figure: 'monthly_cost', property: 'unitPrice', evidence: price, remark: coalesce(remark, cost_remark)},
            {figure: 'monthly_cost', property: 'billingPeriod', evidence: billing_period, remark: coalesce(remark, cost_remark)},
        ], recursive := true),
    from priced
),

-- The rules that name the user, a pattern of the name, or all users, for this SKU or for any.
policies as (
    select
        licenses.user_id as person_key,
        licenses.sku_id as subject,
        rules.source_file_id,
        rules.record_number,
        true as is_chosen,
        case when rules.is_excluded then 'reclaim_blocker' else 'reclaim_reason' end as figure,
        case when rules.is_excluded then 'isExcluded' else 'afterDays' end as property,
        case when rules.is_excluded then coalesce(rules.reason, 'no reason given') else rules.after_days::varchar end as evidence,
        'a rule of the reclaim policy; of several the most exact counts' as remark,
    from staging.reclaim_policy as rules
    join intermediate.current_files using (source_file_id)
    join intermediate.current_users as users
      on coalesce(rules.upn_key = users.upn_key, true)
     and coalesce(users.upn_key like replace(replace(replace(replace(rules.user_pattern, '!', '!!'), '%', '!%'), '_', '!_'), '*', '%') escape '!', true)
    join intermediate.license_paths as licenses
      on licenses.user_id = users.user_id
    left join intermediate.sku_product_names as names
      on names.sku_id = licenses.sku_id
    where coalesce(rules.sku_id = licenses.sku_id, true)
      and coalesce(rules.sku_part_number = upper(names.sku_part_number), true)
),

groups as (
    select distinct
        users.user_id as person_key,
        states.sku_id as subject,
        groups.source_file_id,
        groups.record_number,
        true as is_chosen,
        'reclaim_blocker' as figure,
        'displayName' as property,
        groups.display_name as evidence,
        'the group that assigns it' as remark,
    from users
    join staging.user_license_states as states using (source_file_id, user_id)
    join staging.groups as groups
      on groups.group_id = states.assigned_by_group_id
    join intermediate.current_files as files
      on files.source_file_id = groups.source_file_id
    where users.is_current
),

use as (
    select
        person_key,
        null::varchar as subject,
        source_file_id,
        record_number,
        is_chosen,
        figure,
        property,
        evidence,
        remark,
    from lineage.user_activity
    where figure in ('activity_status', 'last_activity_date')
),

united as (
    select * from assigned
    union all by name
    select * from states
    union all by name
    select * from skus
    union all by name
    select * from since
    union all by name
    select * from reported
    union all by name
    select * from judged
    union all by name
    select * from mailboxes
    union all by name
    select * from policies
    union all by name
    select * from groups
    union all by name
    select * from prices
    union all by name
    select * from use
)

select
    'license_assignments' as output,
    *,
from united
