-- One row per export, name in it and reason why its rows are nobody's: they are kept here, count for no user and are no users.
with

unmatched as (
    select * from intermediate.unmatched_rows
)

select
    dataset,
    user_id,
    user_principal_name,
    max(display_name) as display_name,
    reason,
    count(*) as rows,
    max(last_activity_date) as last_activity_date,
    sum(storage_used_bytes)::bigint as storage_used_bytes,
    sum(sign_ins)::bigint as sign_ins,
from unmatched
group by all
order by user_principal_name nulls last, dataset, reason
