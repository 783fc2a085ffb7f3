-- One row per finding: what is missing, doubtful or contradictory in the data, how much of it, and what to do.
select
    severity,
    finding,
    dataset,
    affected_records,
    detail,
    remedy,
from checks.findings
