-- One row per export and reason why rows with the name $name are nobody's.
select
    dataset,
    reason,
    count(*) as rows,
from intermediate.unmatched_rows
where lower(trim(user_principal_name)) = lower(trim($name))
   or user_id = lower(trim($name))
group by all
order by all
