-- One row per product on the admin center's list of licenses.
select
    source_file_id,
    record_number,
    productTitle as product_name,
    totalLicenses as total_units,
    assignedLicenses as assigned_units,
from raw.license_products
