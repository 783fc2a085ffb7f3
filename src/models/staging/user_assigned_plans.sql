-- One row per user record and service plan assigned to it.
with

entries as (
    select
        source_file_id,
        record_number,
        macros.guid_key(id) as user_id,
        unnest(assignedPlans) as plan,
    from raw.users
)

select
    source_file_id,
    record_number,
    user_id,
    plan.servicePlanId::varchar as service_plan_id,
    plan.service as service,
    plan.capabilityStatus as capability_status,
    plan.assignedDateTime as assigned_at,
from entries
