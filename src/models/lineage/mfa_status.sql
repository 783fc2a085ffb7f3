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
        coalesce(methods_registered, lists.methods) as methods_registered,
        is_passwordless_capable,
        is_sspr_registered,
        last_updated_at,
    from staging.user_registration_details
    left join intermediate.registration_lists as lists using (source_file_id)
    union all by name
    select
        'credential_user_registration_details' as dataset,
        source_file_id,
        record_number,
        upn_key,
        is_mfa_registered,
        methods_registered,
        is_sspr_registered,
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
      on case when records.user_id is null then records.upn_key end = upns.upn_key
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

placed as (
    select
        *,
        is_current and place = 1 and (is_by_id or nameless = 1) as is_chosen,
    from ranked
),

-- What a list of the portal does not say, who is registered, the older report does.
judged as (
    select
        *,
        is_current
        and not is_chosen
        and dataset = 'credential_user_registration_details'
        and nameless = 1
        and is_mfa_registered is not null
        and bool_or(is_chosen and is_mfa_registered is null) over (partition by person_key) as fills_registered,
    from placed
),

chosen as (
    select
        person_key,
        source_file_id,
        record_number,
        is_chosen,
        unnest([
            {figure: 'mfa_status', property: 'isMfaCapable', evidence: coalesce(is_mfa_capable::varchar, 'not said')},
            {figure: 'mfa_status', property: 'isMfaRegistered', evidence: coalesce(is_mfa_registered::varchar, 'not said')},
            {figure: 'is_mfa_capable', property: 'isMfaCapable', evidence: coalesce(is_mfa_capable::varchar, 'not said')},
            {figure: 'is_mfa_registered', property: 'isMfaRegistered', evidence: coalesce(is_mfa_registered::varchar, 'not said')},
            {figure: 'is_admin', property: 'isAdmin', evidence: is_admin::varchar},
            {figure: 'methods_registered', property: 'methodsRegistered', evidence: methods_registered},
            {figure: 'is_passwordless_capable', property: 'isPasswordlessCapable', evidence: is_passwordless_capable::varchar},
            {figure: 'is_sspr_registered', property: 'isSsprRegistered', evidence: is_sspr_registered::varchar},
        ], recursive := true),
        null::varchar as remark,
    from judged
    where is_chosen
    union all by name
    -- Who is not capable is judged by the methods, where nothing says who is registered.
    select
        person_key,
        source_file_id,
        record_number,
        is_chosen,
        'mfa_status' as figure,
        'methodsRegistered' as property,
        methods_registered as evidence,
        null::varchar as remark,
    from judged
    where is_chosen
      and is_mfa_capable = false
      and is_mfa_registered is null
    union all by name
    select
        person_key,
        source_file_id,
        record_number,
        true as is_chosen,
        unnest(['mfa_status', 'is_mfa_registered']) as figure,
        'isMfaRegistered' as property,
        is_mfa_registered::varchar as evidence,
        'the older report, where the newer one does not say it' as remark,
    from judged
    where fills_registered
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
      and not fills_registered
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
