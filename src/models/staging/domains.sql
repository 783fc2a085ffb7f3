-- One row per domain of the tenant.
select
    source_file_id,
    record_number,
    macros.name_key(id) as domain_name,
    authenticationType as authentication_type,
    isDefault as is_default,
    isInitial as is_initial,
    isRoot as is_root,
    isVerified as is_verified,
    isAdminManaged as is_admin_managed,
    array_to_string(list_sort(supportedServices), '; ') as supported_services,
from raw.domains
