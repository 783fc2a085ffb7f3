-- One row per person: what is known of the mailbox, and what kind of account it is, by the first of Microsoft's marks that holds. Unknown is treated as a person.
-- materialize: at the latest date
with

set_kinds as (
    select
        license_set,
        bool_or(account_kind = 'Resource account') as is_resource,
        bool_or(account_kind = 'Room or equipment') as is_room,
    from intermediate.set_licenses
    join intermediate.sku_kinds using (sku_id)
    group by all
),

holders as (
    select
        holdings.user_id,
        bool_or(is_resource) as has_resource_sku,
        bool_or(is_room) as has_room_sku,
    from intermediate.user_holdings as holdings
    join set_kinds using (license_set)
    group by all
),

marked as (
    select
        people.person_key,
        lower(people.user_type) as user_type,
        people.is_licensed,
        nullif(trim(people.given_name), '') is not null and nullif(trim(people.surname), '') is not null as has_full_name,
        types.* exclude (person_key),
        -- A list of the admin center names the products in place of their identifiers.
        coalesce(holders.has_resource_sku, len(list_filter(people.license_names, lambda name: regexp_matches(lower(name), '^microsoft teams (phone resource account|shared devices)'))) > 0) as has_resource_sku,
        coalesce(holders.has_room_sku, len(list_filter(people.license_names, lambda name: regexp_matches(lower(name), '^(microsoft )?teams rooms'))) > 0) as has_room_sku,
        -- Teams writes this department into the accounts of its auto attendants and call queues.
        lower(trim(people.department)) = 'microsoft communication application instance' as has_resource_department,
        people.is_resource_account,
        -- Entra Connect and Cloud Sync name their accounts so, Exchange its own mailboxes.
        lower(trim(people.display_name)) = 'on-premises directory synchronization service account'
        or regexp_matches(people.upn_key, '^(sync_.+_[0-9a-f]{12}|(msol|aad)_[0-9a-f]{12}|adtoaadsyncserviceaccount.*|(systemmailbox|discoverysearchmailbox)\{.+\}|(federatedemail|migration)\.[0-9a-f-]{36}|healthmailbox[0-9a-f-]{7,36})@') as has_service_name,
    from intermediate.people as people
    left join holders using (user_id)
    left join intermediate.mailbox_types as types using (person_key)
)

select
    person_key,
    case
        when user_type = 'guest' then 'Guest'
        when has_resource_sku or has_resource_department or is_resource_account then 'Resource account'
        when regexp_matches(mailbox_type, '(Room|Equipment)Mailbox$') or has_room_sku then 'Room or equipment'
        when mailbox_type like '%SharedMailbox' then 'Shared mailbox'
        when has_service_name then 'Service or sync'
        when user_type = 'member' and (mailbox_type like '%UserMailbox' or is_licensed or has_full_name) then 'Person'
        else 'Unknown'
    end as account_kind,
    mailbox_type,
    is_exported_type,
    has_litigation_hold,
    has_in_place_hold,
    has_delay_hold,
    has_label_hold,
    has_archive,
from marked
