-- One row per file and property whose values PowerShell lost.
with

properties as (
    select * from meta.source_properties where records_lost > 0
),

datasets as (
    select
        *,
        case dataset
            when 'users' then 'Get-MgUser -All'
            when 'subscribed_skus' then 'Get-MgSubscribedSku -All'
            when 'user_registration_details' then 'Get-MgReportAuthenticationMethodUserRegistrationDetail -All'
            when 'sign_ins' then 'Get-MgAuditLogSignIn -All'
            when 'organization' then 'Get-MgOrganization'
            else 'the same command'
        end
        || coalesce(' -Property ' || nullif(regexp_extract(export_graph, '[$]select=([^& ]+)', 1), ''), '') as command,
    from meta.datasets
)

select
    'error' as severity,
    'property_lost' as finding,
    files.dataset,
    properties.records_lost as affected_records,
    properties.property || ' was lost in ' || properties.records_lost || ' records of ' || files.file_name
        || ': PowerShell wrote the name of a type, such as System.Object[], in place of the value' as detail,
    'Export it again: ' || datasets.command || ' | ConvertTo-Json -Depth 10 | Out-File ' || files.dataset || '.json -Encoding utf8'
        || case when datasets.export_graph = 'none' then '.' else '; or save what Graph answers to ' || datasets.export_graph || '.' end as remedy,
from properties
join intermediate.current_files as files using (source_file_id)
join datasets using (dataset)
