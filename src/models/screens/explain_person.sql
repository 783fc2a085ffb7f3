-- One row per user whom $name is a name of: an object id, a UPN of today or earlier, or a mail address.
select
    identities.person_key,
    people.user_id,
    people.user_principal_name,
    people.display_name,
    identities.matched_by,
    identities.bearers,
from intermediate.identities as identities
join intermediate.people as people using (person_key)
where identities.identity_key in (macros.guid_key($name), macros.name_key($name))
