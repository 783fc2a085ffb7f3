-- One row per finding: what is missing, doubtful or contradictory in the data, how much of it, and what to do.
with

findings as (
    select * from checks.files_are_whole
    union all by name
    select * from checks.pages_are_distinct
    union all by name
    select * from checks.exports_select_alike
    union all by name
    select * from checks.file_numbers_have_no_gap
    union all by name
    select * from checks.records_are_valid
    union all by name
    select * from checks.files_are_recognised
    union all by name
    select * from checks.files_are_sound
    union all by name
    select * from checks.datasets_were_exported
    union all by name
    select * from checks.users_carry_licenses
    union all by name
    select * from checks.properties_are_kept
    union all by name
    select * from checks.names_are_open
    union all by name
    select * from checks.dates_are_stated
    union all by name
    select * from checks.dates_are_not_mixed
    union all by name
    select * from checks.rows_have_users
    union all by name
    select * from checks.users_have_report_rows
    union all by name
    select * from checks.users_have_registrations
    union all by name
    select * from checks.capable_users_are_registered
    union all by name
    select * from checks.sign_in_days_are_whole
    union all by name
    select * from checks.skus_have_names
    union all by name
    select * from checks.skus_have_prices
    union all by name
    select * from checks.policy_rules_apply
    union all by name
    select * from checks.consumed_units_match_users
    union all by name
    select * from checks.held_skus_are_subscribed
    union all by name
    select * from checks.snapshots_are_close
)

select
    severity,
    finding,
    dataset,
    affected_records,
    detail,
    remedy,
from findings
