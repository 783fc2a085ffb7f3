-- One row per user record and service plan assigned to it.
select
    source_file_id,
    lower(id) as user_id,
    plan.servicePlanId::varchar as service_plan_id,
    plan.service as service,
    plan.capabilityStatus as capability_status,
    plan.assignedDateTime as assigned_at,
from raw.users, unnest(assignedPlans) as entry (plan)
