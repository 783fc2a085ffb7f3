-- One row per sign-in up to as_of without the id of a user.
select *
from intermediate.current_sign_ins
where user_id is null
