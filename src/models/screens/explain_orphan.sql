-- One row per export and reason why rows with the name $name are nobody's.
select
    dataset,
    reason,
    count(*) as rows,
from intermediate.unmatched_rows
where macros.name_key(user_principal_name) = macros.name_key($name)
   or user_id = macros.guid_key($name)
group by all
order by all
