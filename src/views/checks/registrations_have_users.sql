-- One row per registration report with records that belong to nobody in the users export.
with

people as (
    select user_id, upn_key from intermediate.current_users
),

supplied as (
    select is_supplied from intermediate.dataset_coverage where dataset = 'users'
),

registrations as (
    select
        'user_registration_details' as dataset,
        user_id,
        upn_key,
    from intermediate.current_user_registration_details
    union all by name
    select
        'credential_user_registration_details' as dataset,
        upn_key,
    from intermediate.current_credential_user_registration_details
),

strangers as (
    select dataset from registrations
    where user_id is not null
      and user_id not in (select user_id from people where user_id is not null)
    union all
    select dataset from registrations
    where user_id is null
      and upn_key not in (select upn_key from people where upn_key is not null)
)

select
    'warning' as severity,
    'registrations_without_user' as finding,
    dataset,
    count(*) as affected_records,
    'records that belong to nobody in the users export: ' || count(*) as detail,
    'Export both on the same day, and follow every page of users.' as remedy,
from strangers
cross join supplied
where supplied.is_supplied
group by dataset
