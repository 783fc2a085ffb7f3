-- One row per object id that registration details name, where there is no users export at as_of.
select
    user_id,
    min(user_principal_name) as user_principal_name,
    min(upn_key) as upn_key,
    min(display_name) as display_name,
    min(user_type) as user_type,
from staging.user_registration_details
join intermediate.current_named_files using (source_file_id)
where user_id is not null
group by user_id
