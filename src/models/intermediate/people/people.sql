-- One row per person: a user of the current users export; before there is one, whoever the registration details and the reports name.
with

-- A name that has a record with an id is that person.
nameless as (
    select
        upn_key,
        min(user_principal_name) as user_principal_name,
        min(display_name) as display_name,
        min(user_type) as user_type,
    from intermediate.named_people
    where upn_key not in (select upn_key from intermediate.registered_people where upn_key is not null)
    group by upn_key
),

united as (
    select * from intermediate.current_users
    union all by name
    select * from intermediate.registered_people
    union all by name
    select * from nameless
)

select
    coalesce(user_id, upn_key) as person_key,
    *,
from united
