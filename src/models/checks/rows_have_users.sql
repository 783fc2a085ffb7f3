-- One row per export with rows that are nobody's by today's users; names that are concealed and deleted accounts have findings or a place of their own.
with

unmatched as (
    select * from intermediate.unmatched_rows
    where reason not in ('The name is concealed', 'The account was deleted', 'Not in the users export, which is incomplete', 'No users export was supplied', 'It names nobody')
),

users as (
    select user_id, upn_key from intermediate.current_users
),

domains as (
    select distinct split_part(upn_key, '@', -1) as domain from users
),

-- Of sign-ins neither those of applications nor of people of other tenants, whom the export cannot have.
ours as (
    select
        *,
        reason = 'Not in the users export' as is_stranger,
        dataset = 'sign_ins' as is_log,
        dataset like '%registration_details' as is_registration,
    from unmatched
    where dataset <> 'sign_ins'
       or user_id is not null and split_part(macros.name_key(user_principal_name), '@', -1) in (select domain from domains where domain <> '')
)

select
    case when is_stranger then 'warning' else 'info' end as severity,
    case when not is_stranger then 'rows_of_others' when is_log then 'sign_ins_without_user' when is_registration then 'registrations_without_user' else 'report_rows_without_user' end as finding,
    dataset,
    case when is_log then count(distinct coalesce(user_id, user_principal_name)) else count(*) end as affected_records,
    case
        when not is_stranger then lower(reason[1]) || substr(reason, 2) || ': ' || affected_records
        when is_log then 'users of sign-ins who are not in the users export: ' || affected_records || ' (their sign-ins: ' || sum(sign_ins) || ')'
        when is_registration then 'records that belong to nobody in the users export: ' || affected_records
        else 'rows that name nobody in the users export: ' || affected_records
    end as detail,
    case
        when not is_stranger then 'They count for no user; see: from orphans.'
        when is_log then 'Export users and sign-ins on the same day, and follow every page of users; who was deleted stays in the log for 30 days.'
        when is_registration then 'Export both on the same day, and follow every page of users.'
        else 'Export users and reports on the same day; see: from orphans.'
    end as remedy,
from ours
group by dataset, reason, is_stranger, is_log, is_registration
