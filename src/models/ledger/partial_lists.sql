-- One row per list in `list_pairs` and other list that it is held against: how much of the other it should have and lacks.
-- Names are compared by their hashes, and accounts by their rows: many take part, and a tenth of them decides.
with

pairs as (
    select * from temp.list_pairs
),

files as (
    select list_id, source_file_id
    from temp.list_files
    where list_id in (select list_id from pairs)
       or list_id in (select other_id from pairs)
),

accounts as (
    select
        files.list_id,
        users.rowid as account,
        macros.key_hash(macros.guid_key(users.id)) as user_id,
        macros.key_hash(macros.name_key(users.userPrincipalName)) as upn,
        macros.key_hash(macros.name_key(users.mail)) as mail,
        users.accountEnabled as is_enabled,
        users.createdDateTime::date as created,
        coalesce(lower(users.userType) = 'guest', false) or coalesce(contains(upper(users.userPrincipalName), '#EXT#'), false) as is_guest,
    from raw.users as users
    join files using (source_file_id)
    where coalesce(users.deletedDateTime, timestamp '0001-01-01') = timestamp '0001-01-01'
),

registrations as (
    select
        files.list_id,
        macros.key_hash(macros.guid_key(records.id)) as user_id,
        macros.key_hash(macros.name_key(records.userPrincipalName)) as upn,
        coalesce(lower(records.userType) = 'guest', false) or coalesce(contains(upper(records.userPrincipalName), '#EXT#'), false) as is_guest,
    from raw.user_registration_details as records
    join files using (source_file_id)
),

postboxes as (
    select
        files.list_id,
        macros.key_hash(macros.guid_key(records.externalDirectoryObjectId)) as user_id,
        macros.key_hash(macros.name_key(records.userPrincipalName)) as upn,
        macros.key_hash(macros.name_key(records.primarySmtpAddress)) as mail,
        records.recipientTypeDetails = 'UserMailbox' as is_users,
    from raw.mailboxes as records
    join files using (source_file_id)
),

-- Reports name whoever has a license, and nobody else's accounts; those on OneDrive keep who has left, those on Teams name people of other tenants.
report_rows as (
    select source_file_id, userPrincipalName, isDeleted from raw.office365_active_user_detail
    union all
    select source_file_id, userPrincipalName, isDeleted from raw.mailbox_usage_detail
    union all
    select source_file_id, userPrincipalName, isDeleted from raw.email_activity_user_detail
    union all
    select source_file_id, userPrincipalName, false from raw.m365_app_user_detail
),

reported as (
    select distinct
        files.list_id,
        macros.key_hash(macros.name_key(report_rows.userPrincipalName)) as upn,
        contains(macros.name_key(report_rows.userPrincipalName), '#ext#') as is_guest,
        coalesce(regexp_matches(macros.name_key(report_rows.userPrincipalName), '^[^<@ ]+@[^@ ]+$'), false) as is_open,
    from report_rows
    join files using (source_file_id)
    where not coalesce(report_rows.isDeleted, false)
),

concealed as (
    select distinct list_id from reported where not is_open
),

-- Whom a list that is asked about names, by whatever it names them.
names as (
    select distinct
        list_id,
        name,
    from (
        select list_id, unnest([user_id, upn, mail]) as name from accounts
        union all
        select list_id, unnest([user_id, upn]) from registrations
        union all
        select list_id, unnest([user_id, upn, mail]) from postboxes
        union all
        select list_id, upn from reported
    )
    where list_id in (select list_id from pairs)
),

with_guests as (
    select list_id from accounts where is_guest
    union
    select list_id from registrations where is_guest
),

plans as (
    select
        files.list_id,
        users.rowid as account,
        unnest(users.assignedPlans) as plan,
    from raw.users as users
    join files using (source_file_id)
    where files.list_id in (select other_id from pairs where dataset in ('office365_active_user_detail', 'email_activity_user_detail'))
),

-- Who has a mailbox, or anything else that the report on all users tells of.
planned as (
    select
        list_id,
        account,
        bool_or(lower(plan.service) = 'exchange') as has_exchange,
    from plans
    where plan.capabilityStatus = 'Enabled'
      and list_contains(['exchange', 'sharepoint', 'teamspaceapi', 'microsoftcommunicationsonline', 'yammerenterprise'], lower(plan.service))
    group by all
),

-- Whom the other list has and the list should have: two names, of which one is enough.
expected as (
    select pairs.*, others.user_id as name, others.upn as other_name
    from pairs
    join registrations as others on others.list_id = pairs.other_id
    where pairs.dataset in ('users', 'user_registration_details')
      and (not others.is_guest or pairs.list_id in (from with_guests))
    union all
    select pairs.*, others.upn as name, null as other_name
    from pairs
    join reported as others on others.list_id = pairs.other_id
    where (pairs.dataset = 'users' or pairs.dataset = 'mailboxes' and pairs.other_dataset = 'mailbox_usage_detail' and pairs.list_id in (select list_id from postboxes where is_users))
      and pairs.other_id not in (from concealed)
      and (not others.is_guest or pairs.list_id in (from with_guests))
    union all
    select pairs.*, others.user_id as name, case when pairs.dataset <> 'users' then others.upn end as other_name
    from pairs
    join accounts as others on others.list_id = pairs.other_id
    where (pairs.dataset = 'users' or pairs.dataset = 'user_registration_details' and others.is_enabled and others.created < pairs.snapshot_date - 2)
      and (not others.is_guest or pairs.list_id in (from with_guests))
    union all
    select pairs.*, others.upn as name, others.mail as other_name
    from pairs
    join accounts as others on others.list_id = pairs.other_id
    join planned on planned.list_id = others.list_id and planned.account = others.account
    where (pairs.dataset = 'office365_active_user_detail' or pairs.dataset = 'email_activity_user_detail' and planned.has_exchange)
      and others.is_enabled
      and not others.is_guest
      and others.created < pairs.snapshot_date - 2
      and pairs.list_id not in (from concealed)
    union all
    select pairs.*, others.user_id as name, others.mail as other_name
    from pairs
    join postboxes as others on others.list_id = pairs.other_id
    where pairs.dataset = 'mailboxes'
      and (pairs.list_id in (select list_id from postboxes where is_users))
),

people as (
    select
        expected.list_id,
        expected.other_id,
        count(*) as total,
        count(*) filter (by_name.name is null and by_other.name is null) as missing,
    from expected
    left join names as by_name
      on by_name.list_id = expected.list_id and by_name.name = expected.name
    left join names as by_other
      on by_other.list_id = expected.list_id and by_other.name = expected.other_name
    where coalesce(expected.name, expected.other_name) is not null
    group by all
),

-- Licenses, where every account says its own.
licensed as (
    select files.list_id
    from raw.users as users
    join files using (source_file_id)
    group by all
    having bool_and(users.assignedLicenses is not null)
),

licenses as (
    select
        files.list_id,
        users.rowid as account,
        unnest(users.assignedLicenses) as license,
    from raw.users as users
    join files using (source_file_id)
    where files.list_id in (from licensed)
      and coalesce(users.deletedDateTime, timestamp '0001-01-01') = timestamp '0001-01-01'
),

holdings as (
    select
        list_id,
        license.skuId as sku_id,
        count(distinct account) as holders,
    from licenses
    group by all
),

skus as (
    select
        files.list_id,
        records.skuId as sku_id,
        sum(case when records.appliesTo is distinct from 'Company' and coalesce(records.capabilityStatus, '') not in ('Deleted', 'LockedOut') then greatest(records.consumedUnits, 0) else 0 end) as consumed,
    from raw.subscribed_skus as records
    join files using (source_file_id)
    group by all
),

units as (
    select
        pairs.list_id,
        pairs.other_id,
        sum(skus.consumed) as total,
        sum(greatest(skus.consumed - coalesce(holdings.holders, 0), 0)) as missing,
    from pairs
    join skus on skus.list_id = pairs.other_id
    left join holdings on holdings.list_id = pairs.list_id and holdings.sku_id = skus.sku_id
    where pairs.dataset = 'users'
      and pairs.list_id in (from licensed)
    group by all
),

assigned as (
    select
        pairs.list_id,
        pairs.other_id,
        sum(holdings.holders) as total,
        coalesce(sum(holdings.holders) filter (skus.sku_id is null), 0) as missing,
    from pairs
    join holdings on holdings.list_id = pairs.other_id
    left join skus on skus.list_id = pairs.list_id and skus.sku_id = holdings.sku_id
    where pairs.dataset = 'subscribed_skus'
    group by all
),

states as (
    select
        files.list_id,
        unnest(users.licenseAssignmentStates).assignedByGroup as group_id,
    from raw.users as users
    join files using (source_file_id)
    where files.list_id in (select other_id from pairs where dataset = 'groups')
),

assigning as (
    select distinct
        list_id,
        macros.guid_key(group_id) as group_id,
    from (select distinct list_id, group_id from states where group_id is not null)
    where macros.guid_key(group_id) is not null
),

listed_groups as (
    select distinct files.list_id, macros.guid_key(records.id) as group_id
    from raw.groups as records
    join files using (source_file_id)
),

by_groups as (
    select
        pairs.list_id,
        pairs.other_id,
        count(*) as total,
        count(*) filter (listed_groups.group_id is null) as missing,
    from pairs
    join assigning on assigning.list_id = pairs.other_id
    left join listed_groups on listed_groups.list_id = pairs.list_id and listed_groups.group_id = assigning.group_id
    where pairs.dataset = 'groups'
    group by all
),

counts as (
    from people
    union all
    from units
    union all
    from assigned
    union all
    from by_groups
)

select
    counts.list_id,
    pairs.other_dataset,
    pairs.other_date::varchar as other_date,
    counts.missing::double as missing,
    counts.total::double as total,
from counts
join pairs using (list_id, other_id)
where counts.missing >= 5
  and counts.missing * 10 > counts.total
order by counts.list_id, counts.missing / counts.total desc, pairs.other_dataset, pairs.other_date
