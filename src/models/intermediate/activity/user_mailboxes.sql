-- One row per user whose mailbox was exported: its type, and what would be lost with the license.
with

users as (
    select user_id, upn_key from intermediate.current_users
),

mailboxes as (
    select boxes.*
    from staging.mailboxes as boxes
    join intermediate.current_files using (source_file_id)
),

matched as (
    select mailboxes.*
    from mailboxes
    where user_id is not null
    union all by name
    select
        mailboxes.* exclude (user_id),
        users.user_id,
    from mailboxes
    join users using (upn_key)
    where mailboxes.user_id is null
)

select
    user_id,
    max(mailbox_type) as mailbox_type,
    bool_or(has_litigation_hold) as has_litigation_hold,
    max(in_place_holds) > 0 as has_in_place_hold,
    bool_or(has_archive) as has_archive,
from matched
group by all
