-- One row per line of the headline on MFA: of how many people, and of how many admins, it is known that they are MFA capable, and of how many it is unknown.
with

persons as (
    select
        persons.*,
        persons.population = 'Enabled members' and kinds.account_kind in ('Person', 'Unknown') as is_person,
    from intermediate.person_mfa as persons
    join intermediate.account_kinds as kinds using (person_key)
),

counted as (
    select
        count(*) as users,
        count(*) filter (is_person) as people,
        count(*) filter (is_person and mfa_status = 'Enabled') as capable,
        count(*) filter (is_person and mfa_status = 'Not Available') as unknown,
        count(*) filter (population = 'Unknown') as unsorted,
        count(*) filter (is_admin) as admins,
        count(*) filter (is_admin and mfa_status = 'Enabled') as capable_admins,
        count(*) filter (is_admin and mfa_status = 'Not Available') as unknown_admins,
        count(is_admin) > 0 as is_role_known,
        -- The registration details leave out accounts that may not sign in.
        count(*) filter (is_admin is null and account_enabled is distinct from false) as role_unknown,
    from persons
),

lines as (
    select
        1 as place,
        case
            when people = 0 then 'MFA: no account is known to be a person''s that may sign in'
            when unknown = people then 'MFA: unknown of all ' || people || ' people who may sign in'
            else 'MFA: ' || capable || ' of ' || people || ' people who may sign in are MFA capable (Enabled)'
                || case when unknown > 0 then ', ' || unknown || ' unknown' else '' end
        end || case when unsorted > 0 then '; accounts of unknown state or type: ' || unsorted else '' end as line,
    from counted
    where users > 0
    union all
    select
        2 as place,
        case
            when not is_role_known then 'Admins: unknown, no file says who is one'
            when admins = 0 then 'Admins: none among those whose role is known'
            else 'Admins: ' || capable_admins || ' of ' || admins || ' are MFA capable (Enabled)'
                || case when unknown_admins > 0 then ', ' || unknown_admins || ' unknown' else '' end
        end || case when is_role_known and role_unknown > 0 then '; of ' || role_unknown || ' more the role is unknown' else '' end as line,
    from counted
    where users > 0
)

select line
from lines
order by place
