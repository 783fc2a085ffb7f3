-- One row per person, column of `users` and record of a users export that was looked at for it.
with

records as (
    select
        users.*,
        users.user_id as person_key,
        users.source_file_id in (select source_file_id from intermediate.current_files) as is_current,
    from staging.users as users
),

chosen as (
    select
        person_key,
        source_file_id,
        record_number,
        true as is_chosen,
        unnest([
            {figure: 'user_id', property: 'id', evidence: user_id},
            {figure: 'user_principal_name', property: 'userPrincipalName', evidence: user_principal_name},
            {figure: 'display_name', property: 'displayName', evidence: display_name},
            {figure: 'given_name', property: 'givenName', evidence: given_name},
            {figure: 'surname', property: 'surname', evidence: surname},
            {figure: 'mail', property: 'mail', evidence: mail},
            {figure: 'account_enabled', property: 'accountEnabled', evidence: account_enabled::varchar},
            {figure: 'created_at', property: 'createdDateTime', evidence: strftime(created_at, '%Y-%m-%dT%H:%M:%SZ')},
            {figure: 'country', property: 'country', evidence: country},
            {figure: 'department', property: 'department', evidence: department},
            {figure: 'user_type', property: 'userType', evidence: user_type},
            {figure: 'licenses', property: 'assignedLicenses', evidence: case when not is_licensed then 'none' end},
        ], recursive := true),
        null::varchar as remark,
    from records
    where is_current
      and deleted_at is null
),

-- What the users export does not say of the type, the registrations do.
registered as (
    select
        looked_at.person_key,
        looked_at.source_file_id,
        looked_at.record_number,
        true as is_chosen,
        'user_type' as figure,
        'userType' as property,
        registrations.user_type as evidence,
        'the registration, where the users export does not say it' as remark,
    from lineage.mfa_status as looked_at
    join staging.user_registration_details as registrations using (source_file_id, record_number)
    join chosen using (person_key)
    where looked_at.figure = 'is_mfa_capable'
      and looked_at.is_chosen
      and registrations.user_type is not null
      and chosen.figure = 'user_type'
      and chosen.evidence is null
),

passed_over as (
    select
        records.person_key,
        records.source_file_id,
        records.record_number,
        false as is_chosen,
        'user_id' as figure,
        null::varchar as property,
        records.user_principal_name as evidence,
        case
            when records.deleted_at is not null then 'the account was deleted'
            when snapshots.superseded_by is not null then 'an export of the same day that was replaced'
            when snapshots.completeness = 'Incomplete' then 'an export that is incomplete'
            else 'an export of another day'
        end as remark,
    from records
    left join meta.source_files as files using (source_file_id)
    left join meta.snapshots as snapshots using (snapshot_id)
    where not records.is_current
       or records.deleted_at is not null
)

select
    'users' as output,
    null::varchar as subject,
    *,
from chosen
union all by name
select
    'users' as output,
    null::varchar as subject,
    *,
from passed_over
union all by name
select
    'users' as output,
    null::varchar as subject,
    *,
from registered
