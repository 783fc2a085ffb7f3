-- One row per text that exports use to name people (object id, else UPN, else a UPN of earlier, else mail address): whose it is; of several bearers nobody's.
with

-- By number: a sum that carries texts along cannot leave the memory.
people as materialized (
    select
        row_number() over () as person,
        person_key,
        user_id,
        upn_key,
        mail_key,
        created_at,
    from intermediate.people
),

export as (
    select max(snapshot_date) as users_date
    from intermediate.current_files
    where dataset = 'users'
),

earlier_names as (
    select
        earlier.upn_key,
        list(distinct earlier.user_id) as user_ids,
    from meta.earlier_upns as earlier
    join export
      on earlier.later_date <= export.users_date
    where earlier.user_id is not null
    group by all
),

bearers as (
    select user_id as identity_key, person, 1 as place, 1 as bearers from people where user_id is not null
    union all
    select upn_key as identity_key, person, 2 as place, 1 as bearers from people where upn_key is not null
    union all
    select earlier_names.upn_key as identity_key, person, 3 as place, len(user_ids) as bearers
    from (select upn_key, user_ids, unnest(user_ids) as user_id from earlier_names) as earlier_names
    join people using (user_id)
    union all
    select mail_key as identity_key, person, 4 as place, 1 as bearers from people where mail_key is not null
),

counted as (
    select
        identity_key,
        min_by(person, place) as person,
        min(place) as place,
        count(*) filter (place = 1) as ids,
        count(*) filter (place = 2) as upns,
        -- Those who are gone count as well.
        max(bearers) filter (place = 3) as earlier_upns,
        count(*) filter (place = 4) as mails,
    from bearers
    group by identity_key
)

select
    counted.identity_key,
    people.person_key,
    people.user_id,
    people.created_at,
    ['Object id', 'UPN', 'Earlier UPN', 'Mail'][place] as matched_by,
    -- A name that two people bear belongs to neither of them.
    [ids, upns, earlier_upns, mails][place] as bearers,
from counted
join people using (person)
