-- One row per sign-in that may have no id of a user: an empty one and that of nobody sort before all others, so that the engine passes over most blocks.
select
    source_file_id,
    record_number,
from raw.sign_ins
where userId is null
   or userId <= '00000000-0000-0000-0000-000000000000'
