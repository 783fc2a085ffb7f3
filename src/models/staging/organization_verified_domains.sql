-- One row per organization record and verified domain.
with

entries as (
    select
        source_file_id,
        id::varchar as tenant_id,
        unnest(verifiedDomains) as domain,
    from raw.organization
)

select
    source_file_id,
    tenant_id,
    macros.name_key(domain.name) as domain_name,
    domain.isDefault as is_default,
    domain.isInitial as is_initial,
    domain.type as authentication_type,
from entries
