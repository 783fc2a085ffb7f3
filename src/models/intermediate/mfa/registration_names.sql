-- One row per UPN of current registration records that may be matched by it, having no id or being of the older report: how many records and people have it, and what the older report says.
with

registrations as (
    select * from intermediate.current_user_registration_details
),

nameless as (
    select
        upn_key,
        count(*) as nameless_records,
    from registrations
    where user_id is null
    group by upn_key
),

older as (
    select
        upn_key,
        count(*) as older_records,
        bool_or(is_mfa_registered) as older_is_mfa_registered,
        bool_or(is_sspr_registered) as older_is_sspr_registered,
        min(methods_registered) as older_methods_registered,
        min(phishing_resistant_methods) as older_phishing_resistant_methods,
        max(snapshot_date) as older_date,
    from intermediate.current_credential_user_registration_details
    group by upn_key
),

names as (
    select *
    from nameless
    full join older using (upn_key)
),

people as (
    select
        upn_key,
        any_value(person_key) as person_key,
        any_value(user_id) as user_id,
        count(*) as bearers,
    from intermediate.people
    where upn_key in (select upn_key from names)
    group by upn_key
)

-- A name that two people bear belongs to neither of them.
select
    names.*,
    people.person_key,
    people.bearers,
    coalesce(people.user_id in (select user_id from registrations where user_id is not null), false) as has_record,
    coalesce(older_records = 1 and bearers = 1, false) as is_older_known,
from names
left join people using (upn_key)
