-- One row: how many findings there are of each severity.
select
    count(*) filter (severity = 'error') as errors,
    count(*) filter (severity = 'warning') as warnings,
    count(*) filter (severity = 'info') as remarks,
from temp.findings
