-- One row per output and time in which it is read from the same files: how far it can be trusted and why, from what it needs and what was supplied.
-- materialize: always
with

judged as (
    select * from meta.need_periods
),

grouped as (
    select
        output,
        valid_from,
        valid_to,
        need_group,
        bool_or(is_essential) as is_essential,
        bool_or(is_noted) as is_noted,
        bool_or(is_met) as is_met,
        bool_or(is_met and not is_substitute) as is_met_itself,
        bool_or(is_met and flaw is null) as is_whole,
    from judged
    group by all
),

-- What could have shown activity after the reports or, where there are none, after the logs.
reach as (
    select
        valid_from,
        max(snapshot_date) filter (dataset = 'users') as users_date,
        bool_or(is_report) or bool_or(dataset = 'users' and property = 'signInActivity' and has_values) as has_more_than_logs,
    from judged
    where is_supplied
    group by all
),

supplied_sources as (
    select distinct
        valid_from,
        dataset,
        snapshot_date,
        is_report,
        stands_in_for,
    from judged
    where is_supplied
),

aged as (
    select
        valid_from,
        dataset,
        snapshot_date,
        users_date,
        snapshot_date < users_date - 7 as is_old,
        has_more_than_logs,
        is_report,
        -- What a fresh report covers needs no other.
        list_contains(coalesce(list(dataset) filter (not coalesce(snapshot_date < users_date - 7, false)) over (partition by valid_from), []), stands_in_for) as is_replaced,
    from supplied_sources
    join reach using (valid_from)
),

stale as (
    select
        valid_from,
        'the activity in ' || dataset || ' reaches to ' || snapshot_date || ', more than 7 days before the users export of ' || users_date as reason,
    from aged
    where is_old
      and (
          (is_report and not coalesce(is_replaced, false))
          or (dataset = 'sign_ins' and not has_more_than_logs)
      )
),

-- Lists of other days are of other people: what is made of both is Partial.
apart as (
    select distinct
        judged.output,
        judged.valid_from,
        judged.dataset || ' is of ' || judged.snapshot_date || ', more than 7 days from the users export of ' || reach.users_date as reason,
    from judged
    join reach using (valid_from)
    join (values
        ('license_summary', 'subscribed_skus'),
        ('license_capacity', 'subscribed_skus'),
        ('license_costs', 'subscribed_skus'),
        ('mfa_status', 'user_registration_details'),
        ('mfa_summary', 'user_registration_details'),
        ('mfa_breakdown', 'user_registration_details'),
        ('admins_without_mfa', 'user_registration_details'),
        ('users', 'user_registration_details')
    ) as outputs (output, dataset)
      using (output, dataset)
    where judged.is_met
      and abs(judged.snapshot_date - reach.users_date) > 7
),

-- What stands in for another export cannot say all that it says.
supplied as (
    select
        valid_from,
        bool_or(is_met and dataset = 'license_products') as has_products,
        bool_or(is_met and dataset = 'subscribed_skus') as has_skus,
        bool_or(is_met and dataset = 'credential_user_registration_details') as has_older_registrations,
        bool_or(is_met and dataset = 'user_registration_details') as has_registrations,
        bool_or(is_met and property = 'licenseNames') as has_license_names,
        bool_or(is_met and property = 'assignedLicenses') as has_licenses,
    from judged
    group by all
),

substitutes as (
    select
        outputs.output,
        supplied.valid_from,
        case
            when stands_for = 'subscribed_skus' and has_products and not has_skus
                then 'license_products, the list of the admin center, carries no identifiers of SKUs and no units by state'
            when stands_for = 'user_registration_details' and has_older_registrations and not has_registrations
                then 'credential_user_registration_details cannot tell Enabled from Non-compliant'
            when stands_for = 'assignedLicenses' and has_license_names and not has_licenses
                then 'the admin center''s list of users names licenses but carries no identifiers of SKUs; export: ' || datasets.export_graph
        end as reason,
    from (values
        ('license_summary', 'subscribed_skus'),
        ('license_summary', 'assignedLicenses'),
        ('license_assignments', 'assignedLicenses'),
        ('license_costs', 'assignedLicenses'),
        ('license_overlaps', 'assignedLicenses'),
        ('mfa_status', 'user_registration_details'),
        ('mfa_summary', 'user_registration_details'),
        ('mfa_breakdown', 'user_registration_details'),
        ('users', 'user_registration_details')
    ) as outputs (output, stands_for)
    cross join supplied
    join meta.datasets as datasets
      on datasets.dataset = 'users'
),

reasons as (
    select
        judged.output,
        judged.valid_from,
        case
            when grouped.is_whole then null
            when grouped.is_met and judged.is_met then judged.flaw
            when not grouped.is_met and judged.is_asked then judged.gap
        end as reason,
        grouped.is_noted,
    from judged
    join grouped using (output, need_group, valid_from)
    union
    select outputs.output, stale.valid_from, stale.reason, false as is_noted
    from (values ('user_activity'), ('license_summary'), ('license_assignments'), ('license_costs'), ('users')) as outputs (output)
    cross join stale
    union
    select output, valid_from, reason, false as is_noted from substitutes
    union
    select output, valid_from, reason, false as is_noted from apart
    union
    select histories.output, verdict_days.valid_from, files.dataset || ' of ' || files.snapshot_date || ' is incomplete' as reason, false as is_noted
    from (values
        ('license_history', 'subscribed_skus'),
        ('license_history', 'users'),
        ('mfa_history', 'user_registration_details'),
        ('activity_history', 'office365_active_user_detail'),
        ('activity_history', 'mailbox_usage_detail'),
        ('activity_history', 'onedrive_usage_account_detail')
    ) as histories (output, dataset)
    join meta.history_files as files using (dataset)
    join (select distinct valid_from, valid_to from judged) as verdict_days
      on files.snapshot_date < verdict_days.valid_to
    where files.completeness = 'Incomplete'
),

listed as (
    select
        output,
        valid_from,
        list(reason order by reason) filter (reason is not null and not is_noted) as reason_list,
        string_agg('note: ' || reason, '; ' order by reason) filter (is_noted) as notes,
    from reasons
    group by all
),

verdicts as (
    select
        output,
        valid_from,
        valid_to,
        bool_or(is_essential and not is_met) as is_missing,
    from grouped
    group by all
),

-- CSV and NDJSON files show no end: nothing speaks against their being whole, nothing proves it.
unproven as (
    select
        judged.output,
        judged.valid_from,
        string_agg(distinct dataset, ', ' order by dataset) as datasets,
    from judged
    join grouped using (output, need_group, valid_from)
    where is_unproven
      and not (is_substitute and is_met_itself)
    group by all
)

select
    verdicts.output,
    verdicts.valid_from,
    verdicts.valid_to,
    case
        when verdicts.is_missing then 'Not supplied'
        when listed.reason_list is not null then 'Partial'
        else 'Complete'
    end as data_status,
    coalesce(listed.reason_list, []) as reason_list,
    concat_ws(
        '; ',
        array_to_string(listed.reason_list, '; '),
        listed.notes,
        case when unproven.datasets is not null then 'note: the files of ' || unproven.datasets || ' cannot show that they are whole' end
    ) as reasons,
from verdicts
left join listed using (output, valid_from)
left join unproven using (output, valid_from)
