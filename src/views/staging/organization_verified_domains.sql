-- One row per organization record and verified domain.
select
    source_file_id,
    id::varchar as tenant_id,
    lower(domain.name) as domain_name,
    domain.isDefault as is_default,
    domain.isInitial as is_initial,
    domain.type as authentication_type,
from raw.organization, unnest(verifiedDomains) as entry (domain)
