-- One row per person whose mailbox an export names: its holds and archive, and its type as the mailboxes export has it, else as the mailbox usage report does, in the former's words.
-- materialize: at the latest date
with

people as (
    select person_key, user_id, upn_key from intermediate.people
),

-- A mailbox without an id is that of the one person who has its name.
named as (
    select upn_key, any_value(person_key) as person_key
    from people
    where upn_key is not null
    group by upn_key
    having count(*) = 1
),

boxes as (
    select boxes.*
    from staging.mailboxes as boxes
    join intermediate.current_files using (source_file_id)
),

exported as (
    select people.person_key, boxes.*
    from boxes
    join people using (user_id)
    union all by name
    select named.person_key, boxes.*
    from boxes
    join named using (upn_key)
    where boxes.user_id is null
),

reported as (
    select
        names.person_key,
        reports.recipient_type,
        reports.has_archive,
        reports.report_refresh_date,
    from staging.mailbox_usage_detail as reports
    join intermediate.current_files using (source_file_id)
    join intermediate.known_names as names
      on names.identity_key = reports.upn_key
    where not reports.is_deleted
      and names.bearers = 1
      -- Who had the name before the account was created is somebody else.
      and coalesce(reports.report_refresh_date >= names.created_at::date, true)
),

typed as (
    select
        person_key,
        max(mailbox_type) as exported_type,
        bool_or(has_litigation_hold) as has_litigation_hold,
        max(in_place_holds) > 0 as has_in_place_hold,
        bool_or(has_delay_hold) as has_delay_hold,
        bool_or(has_label_hold) as has_label_hold,
        bool_or(has_archive) as has_exported_archive,
    from exported
    group by all
),

told as (
    select
        person_key,
        max_by(recipient_type, (report_refresh_date, recipient_type)) as recipient_type,
        bool_or(has_archive) as has_reported_archive,
    from reported
    group by all
)

select
    person_key,
    coalesce(
        exported_type,
        -- The report says User and Shared where the mailboxes say UserMailbox and SharedMailbox.
        case when lower(recipient_type) like '%mailbox' then recipient_type else upper(recipient_type[1]) || lower(recipient_type[2:]) || 'Mailbox' end
    ) as mailbox_type,
    exported_type is not null as is_exported_type,
    has_litigation_hold,
    has_in_place_hold,
    has_delay_hold,
    has_label_hold,
    -- One that either shows is one.
    coalesce(has_exported_archive or has_reported_archive, has_exported_archive, has_reported_archive) as has_archive,
from typed
full join told using (person_key)
