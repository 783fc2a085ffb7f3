-- One row per person, column of `mfa_status` and registration record that was looked at for it.
with

persons as (
    select person_key, user_id, upn_key from intermediate.people
),

upns as (
    select upn_key, any_value(person_key) as person_key
    from persons
    where upn_key is not null
    group by upn_key
    having count(*) = 1
),

records as (
    select
        'user_registration_details' as dataset,
        source_file_id,
        record_number,
        user_id,
        upn_key,
        is_mfa_registered,
        is_mfa_capable,
        is_admin,
        methods_registered,
        last_updated_at,
    from staging.user_registration_details
    union all by name
    select
        'credential_user_registration_details' as dataset,
        source_file_id,
        record_number,
        upn_key,
        is_mfa_registered,
        methods_registered,
    from staging.credential_user_registration_details
),

matched as (
    select
        coalesce(by_id.person_key, upns.person_key) as person_key,
        by_id.person_key is not null as is_by_id,
        records.*,
        records.source_file_id in (select source_file_id from intermediate.current_files) as is_current,
    from records
    left join persons as by_id
      on records.user_id = by_id.user_id
    left join upns
      on records.upn_key = upns.upn_key
     and records.user_id is null
    where coalesce(by_id.person_key, upns.person_key) is not null
),

ranked as (
    select
        *,
        row_number() over (
            partition by person_key, is_current
            order by dataset desc, is_by_id desc, last_updated_at desc nulls last, source_file_id desc, record_number desc
        ) as place,
        count(*) filter (not is_by_id) over (partition by person_key, is_current, dataset) as nameless,
    from matched
),

judged as (
    select
        *,
        is_current and place = 1 and (is_by_id or nameless = 1) as is_chosen,
    from ranked
),

chosen as (
    select
        person_key,
        source_file_id,
        record_number,
        is_chosen,
        unnest([
            {figure: 'mfa_status', property: 'isMfaCapable', evidence: is_mfa_capable::varchar},
            {figure: 'mfa_status', property: 'isMfaRegistered', evidence: is_mfa_registered::varchar},
            {figure: 'is_mfa_capable', property: 'isMfaCapable', evidence: is_mfa_capable::varchar},
            {figure: 'is_mfa_registered', property: 'isMfaRegistered', evidence: is_mfa_registered::varchar},
            {figure: 'is_admin', property: 'isAdmin', evidence: is_admin::varchar},
            {figure: 'methods_registered', property: 'methodsRegistered', evidence: methods_registered},
        ], recursive := true),
        null::varchar as remark,
    from judged
    where is_chosen
),

passed_over as (
    select
        person_key,
        source_file_id,
        record_number,
        is_chosen,
        'mfa_status' as figure,
        'isMfaCapable' as property,
        is_mfa_capable::varchar as evidence,
        case
            when not is_current then 'an export of another day, or one that was replaced'
            when place > 1 and dataset = 'credential_user_registration_details' then 'the older kind of report, which cannot tell Enabled from Non-compliant'
            when not is_by_id then 'several records without an id have this name'
            else 'an older record of the same id'
        end as remark,
    from judged
    where not is_chosen
),

united as (
    select * from chosen
    union all by name
    select * from passed_over
)

select
    'mfa_status' as output,
    null::varchar as subject,
    *,
from united
