-- The rows of data_quality as the import has written them down.
create or replace temp table findings as
from meta.newest_findings
