-- One row per organization record.
select
    source_file_id,
    record_number,
    id::varchar as tenant_id,
    displayName as tenant_name,
    countryLetterCode as country_code,
    createdDateTime as created_at,
    tenantType as tenant_type,
from raw.organization
