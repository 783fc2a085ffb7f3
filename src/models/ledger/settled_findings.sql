-- The rows of data_quality as they are written down.
create or replace temp table findings as
from checks.findings
