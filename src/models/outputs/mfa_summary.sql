-- One row per mfa_status that occurs: how many users have it. Unknown counts are null.
with

persons as (
    select
        persons.*,
        -- What kind of account it is may be unknown: then it is taken for a person's.
        kinds.account_kind in ('Person', 'Unknown') as is_person,
    from intermediate.person_mfa as persons
    join intermediate.account_kinds as kinds using (person_key)
),

exports as (
    select bool_or(is_incomplete or records_rejected > 0) as is_cut
    from intermediate.dataset_coverage
    where dataset in ('users', 'user_registration_details')
      and is_supplied
),

counted as (
    select
        mfa_status,
        count(*) as users,
        count(*) filter (account_enabled) as enabled,
        count(*) filter (is_licensed) as licensed,
        count(*) filter (is_admin) as all_admins,
        count(*) filter (population = 'Enabled members') as members,
        count(*) filter (population = 'Enabled members' and is_person) as people,
        count(*) filter (population = 'Enabled guests') as guests,
        count(*) filter (not account_enabled) as disabled,
        count(account_enabled) = users as is_enabled_known,
        count(is_licensed) = users as is_licensed_known,
        count(is_admin) = users as is_admin_known,
        count(*) filter (population = 'Unknown') = 0 as is_population_known,
    from persons
    group by all
)

-- Where some are unknown a count above zero is a lower bound, and zero says nothing.
select
    mfa_status,
    users,
    case when is_enabled_known and not is_cut then enabled else nullif(enabled, 0) end as account_enabled_users,
    case when is_licensed_known and not is_cut then licensed else nullif(licensed, 0) end as licensed_users,
    case when is_admin_known and not is_cut then all_admins else nullif(all_admins, 0) end as admins,
    case when is_population_known and not is_cut then members else nullif(members, 0) end as enabled_members,
    case
        when members > 0 or (is_population_known and not is_cut)
            then round(100.0 * members / nullif(sum(members) over (), 0), 1)
    end as enabled_members_percent,
    case when is_population_known and not is_cut then guests else nullif(guests, 0) end as enabled_guests,
    case when is_enabled_known and not is_cut then disabled else nullif(disabled, 0) end as account_disabled_users,
    case when is_population_known and not is_cut then people else nullif(people, 0) end as members_of_kind_person,
from counted
cross join exports
