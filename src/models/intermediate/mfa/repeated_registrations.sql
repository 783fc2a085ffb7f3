-- One row per object id that several records of the current user registration details snapshot have.
select user_id
from intermediate.registration_records
where user_id is not null
group by user_id
having count(*) > 1
