-- One row per list (CSV) of registration details in which an empty cell of methods is none: it never writes `[]`, and nobody who is, or may be, MFA capable has such a cell.
select
    records.source_file_id,
    '' as methods,
    false as has_mfa_method,
from staging.user_registration_details as records
join meta.source_files as files using (source_file_id)
join meta.source_properties as properties using (source_file_id)
where files.wrapper = 'csv'
  and properties.property = 'methodsRegistered'
  and properties.records_present > 0
  and properties.records_lost = 0
group by records.source_file_id
having count(*) filter (methods_registered = '') = 0
   and count(*) filter (methods_registered is null and is_mfa_capable is distinct from false) = 0
