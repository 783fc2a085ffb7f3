-- One row per dimension (Population, Admin, User type, Department, Country), value and mfa_status: how many users have it, and of these the enabled members.
with

persons as (
    select * from intermediate.person_mfa
),

exports as (
    select bool_or(is_incomplete or records_rejected > 0) as is_cut
    from intermediate.dataset_coverage
    where dataset in ('users', 'user_registration_details')
      and is_supplied
),

described as (
    select
        mfa_status,
        population,
        population = 'Enabled members' as is_enabled_member,
        population = 'Unknown' as is_unknown_population,
        case when is_admin then 'Admin' when is_admin = false then 'Not admin' else 'Unknown' end as admin,
        case lower(user_type) when 'member' then 'Member' when 'guest' then 'Guest' else 'Unknown' end as user_type,
        coalesce(nullif(trim(department), ''), 'Unknown') as department,
        coalesce(nullif(trim(country), ''), 'Unknown') as country,
    from persons
),

-- Of each group all but one of the five are null.
counted as (
    select
        case
            when population is not null then 'Population'
            when admin is not null then 'Admin'
            when user_type is not null then 'User type'
            when department is not null then 'Department'
            else 'Country'
        end as dimension,
        coalesce(population, admin, user_type, department, country) as value,
        mfa_status,
        count(*) as users,
        count(*) filter (is_enabled_member) as members,
        bool_or(is_unknown_population) as is_unknown,
    from described
    group by grouping sets (
        (mfa_status, population),
        (mfa_status, admin),
        (mfa_status, user_type),
        (mfa_status, department),
        (mfa_status, country)
    )
)

select
    dimension,
    value,
    mfa_status,
    users,
    round(100.0 * users / sum(users) over (partition by dimension, value), 1) as users_percent,
    -- Where some are unknown a count above zero is a lower bound, and zero says nothing.
    case when is_unknown or is_cut then nullif(members, 0) else members end as enabled_members,
    case
        when members > 0 or not (is_unknown or is_cut)
            then round(100.0 * members / nullif(sum(members) over (partition by dimension, value), 0), 1)
    end as enabled_members_percent,
from counted
cross join exports
order by case dimension when 'Population' then 1 when 'Admin' then 2 when 'User type' then 3 else 4 end, dimension, value, mfa_status
