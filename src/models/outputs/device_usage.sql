-- One row per user whom the Microsoft 365 apps report names: the devices and applications used in its period, and what was activated.
with

people as (
    select
        person_key,
        user_id,
        user_principal_name,
        display_name,
        account_enabled,
    from intermediate.people
),

export as (
    select count(*) > 0 as has_users from intermediate.current_files where dataset = 'users'
),

-- A report made before the account was created is on somebody else who had the name.
bearers as (
    select
        identities.identity_key as upn_key,
        identities.created_at,
        people.* exclude (person_key),
    from intermediate.known_names as identities
    join people using (person_key)
    where identities.bearers = 1
),

-- Flexera looks at 90 days: of several periods the longest up to that, else the shortest above.
ranked as (
    select
        usage.*,
        row_number() over (
            partition by usage.upn_key
            order by
                usage.report_refresh_date desc,
                usage.report_period <= 90 desc nulls last,
                case when usage.report_period <= 90 then -usage.report_period else usage.report_period end,
                usage.source_file_id desc,
                usage.record_number desc
        ) as place,
    from staging.m365_app_user_detail as usage
    join intermediate.current_files using (source_file_id)
    where not usage.is_concealed
),

-- JSON has the products of a user in one record, CSV in as many: where both are there, each counts once.
products as (
    select activations.*
    from staging.office365_activations_user_detail as activations
    join intermediate.current_files using (source_file_id)
    where not activations.is_concealed
    qualify row_number() over (
        partition by activations.upn_key, activations.product_type
        order by activations.report_refresh_date desc, activations.source_file_id desc, activations.record_number desc
    ) = 1
),

activations as (
    select
        upn_key,
        string_agg(distinct product_type, '; ' order by product_type) as activated_products,
        case when count(windows_activations) = count(*) then sum(windows_activations) else nullif(sum(windows_activations), 0) end::bigint as windows_activations,
        case when count(mac_activations) = count(*) then sum(mac_activations) else nullif(sum(mac_activations), 0) end::bigint as mac_activations,
        -- A product may have been activated on any of the three.
        case
            when count(windows_10_mobile_activations + ios_activations + android_activations) = count(*)
                then sum(windows_10_mobile_activations + ios_activations + android_activations)
            else nullif(sum(coalesce(windows_10_mobile_activations, 0) + coalesce(ios_activations, 0) + coalesce(android_activations, 0)), 0)
        end::bigint as mobile_activations,
    from products
    group by upn_key
),

matched as (
    select
        usage.*,
        case when usage.report_refresh_date >= bearers.created_at::date or bearers.created_at is null then bearers end as bearer,
    from ranked as usage
    left join bearers
      on usage.upn_key = bearers.upn_key
    where usage.place = 1
)

select
    bearer.user_id,
    coalesce(bearer.user_principal_name, usage.user_principal_name) as user_principal_name,
    bearer.display_name,
    bearer.account_enabled,
    -- Where one is unknown, the others are not the whole of it.
    case
        when (usage.has_used_windows or usage.has_used_mac) is not null and usage.has_used_mobile is not null and usage.has_used_web is not null
            then concat_ws(
                '; ',
                case when usage.has_used_windows or usage.has_used_mac then 'Desktop' end,
                case when usage.has_used_mobile then 'Mobile' end,
                case when usage.has_used_web then 'Web' end
            )
    end as device_usage,
    usage.has_used_windows,
    usage.has_used_mac,
    usage.has_used_mobile,
    usage.has_used_web,
    case
        when usage.has_used_outlook is not null and usage.has_used_word is not null and usage.has_used_excel is not null
         and usage.has_used_powerpoint is not null and usage.has_used_onenote is not null and usage.has_used_teams is not null
            then concat_ws(
                '; ',
                case when usage.has_used_outlook then 'Outlook' end,
                case when usage.has_used_word then 'Word' end,
                case when usage.has_used_excel then 'Excel' end,
                case when usage.has_used_powerpoint then 'PowerPoint' end,
                case when usage.has_used_onenote then 'OneNote' end,
                case when usage.has_used_teams then 'Teams' end
            )
    end as apps_used,
    usage.has_used_outlook,
    usage.has_used_word,
    usage.has_used_excel,
    usage.has_used_powerpoint,
    usage.has_used_onenote,
    usage.has_used_teams,
    usage.last_activation_date,
    usage.last_activity_date,
    usage.report_refresh_date,
    usage.report_period::bigint as report_period,
    activations.activated_products,
    activations.windows_activations,
    activations.mac_activations,
    activations.mobile_activations,
from matched as usage
left join activations
  on usage.upn_key = activations.upn_key
cross join export
-- With a users export there is nobody else; report rows of others are no users.
where bearer.upn_key is not null
   or not export.has_users
