-- One row per object id that registration details and reports name, where there is no users export at as_of.
select
    user_id,
    min(user_principal_name) as user_principal_name,
    min(upn_key) as upn_key,
    min(display_name) as display_name,
    min(user_type) as user_type,
from intermediate.named_people
where user_id is not null
group by user_id
