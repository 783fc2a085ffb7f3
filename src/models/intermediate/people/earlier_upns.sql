-- One row per user whose UPN differs between two users exports that follow each other, or who is gone in the later, with the earlier UPN; one without a user for each two exports that were compared.
-- materialize: always
with

exports as (
    select
        snapshots.snapshot_date,
        list(files.source_file_id) as source_file_ids,
        -- What was imported, forgotten or mended in between is compared anew.
        string_agg(files.source_file_id || ':' || files.records_loaded, ' ' order by files.source_file_id) as version,
    from meta.snapshots as snapshots
    join meta.source_files as files using (snapshot_id)
    where snapshots.dataset = 'users'
      and snapshots.superseded_by is null
    group by all
),

sequence as (
    select
        snapshot_date as earlier_date,
        source_file_ids as earlier_files,
        lead(snapshot_date) over in_time as later_date,
        lead(source_file_ids) over in_time as later_files,
        md5(version || ' / ' || lead(version) over in_time) as version,
    from exports
    window in_time as (order by snapshot_date)
),

pairs as (
    select * from sequence
    where later_date is not null
),

kept as (
    select earlier.*
    from meta.earlier_upns as earlier
    semi join pairs using (version)
),

fresh as (
    select * from pairs
    anti join kept using (version)
),

-- Lists are joined as rows: a join on "is in the list" would compare every row with every file.
earlier_files as (
    select version, unnest(earlier_files) as source_file_id from fresh
),

later_files as (
    select version, unnest(later_files) as source_file_id from fresh
),

earlier_users as (
    select files.version, users.user_id, users.upn_key
    from staging.users as users
    join earlier_files as files using (source_file_id)
),

later_users as (
    select files.version, users.user_id, users.upn_key
    from staging.users as users
    join later_files as files using (source_file_id)
),

renamed as (
    select distinct
        version,
        earlier_users.user_id,
        earlier_users.upn_key,
    from earlier_users
    join later_users using (version, user_id)
    where earlier_users.upn_key <> later_users.upn_key
    union
    -- Who is gone had the name too: it is not that of whoever had it before.
    select
        version,
        user_id,
        upn_key,
    from earlier_users
    anti join later_users using (version, user_id)
    where upn_key is not null
)

select * from kept
union all by name
select
    version,
    earlier_date,
    later_date,
    null as user_id,
    null as upn_key,
from fresh
union all by name
select
    version,
    fresh.earlier_date,
    fresh.later_date,
    renamed.user_id,
    renamed.upn_key,
from renamed
join fresh using (version)
