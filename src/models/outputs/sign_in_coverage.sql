-- One row per kind of sign-in and run of days (UTC) up to as_of: days with sign-ins (Covered), without (Gap), or a kind of which there are none at all.
with

events as (
    select
        coalesce(
            sign_ins.sign_in_kind,
            -- Lists of the portal tell the kinds apart by their names alone.
            case
                when regexp_matches(lower(files.file_name), 'noninteractivesignins') then 'Non-interactive'
                when regexp_matches(lower(files.file_name), 'interactivesignins') then 'Interactive'
                when regexp_matches(lower(files.file_name), 'applicationsignins') then 'Service principal'
                when regexp_matches(lower(files.file_name), 'msisignins') then 'Managed identity'
            end,
            'Unknown'
        ) as sign_in_kind,
        sign_ins.signed_in_at::date as day,
        sign_ins.signed_in_at,
    from intermediate.current_sign_ins as sign_ins
    join meta.source_files as files using (source_file_id)
),

days as (
    select
        sign_in_kind,
        day,
        count(*) as sign_ins,
        min(signed_in_at) as first_sign_in_at,
        max(signed_in_at) as last_sign_in_at,
        -- Days in a row are as far from each other as their places.
        day - row_number() over (partition by sign_in_kind order by day)::integer as run,
    from events
    group by sign_in_kind, day
),

covered as (
    select
        sign_in_kind,
        min(day) as first_date,
        max(day) as last_date,
        sum(sign_ins)::bigint as sign_ins,
        min(first_sign_in_at) as first_sign_in_at,
        max(last_sign_in_at) as last_sign_in_at,
    from days
    group by sign_in_kind, run
),

-- From the first sign-in of any kind to as_of.
span as (
    select
        min(covered.first_date) as first_date,
        any_value(parameters.as_of) as last_date,
        bool_or(covered.sign_in_kind = 'Unknown') as has_unknown,
    from covered
    cross join intermediate.parameters as parameters
),

kinds as (
    select *
    from (values ('Interactive'), ('Non-interactive'), ('Service principal'), ('Managed identity')) as kinds (sign_in_kind)
),

-- Before each run, and after the last.
edges as (
    select
        covered.sign_in_kind,
        covered.first_date as next_date,
        lag(covered.last_date) over (partition by covered.sign_in_kind order by covered.first_date) as previous_date,
    from covered
    union all
    select
        covered.sign_in_kind,
        null as next_date,
        max(covered.last_date) as previous_date,
    from covered
    group by covered.sign_in_kind
),

gaps as (
    select
        edges.sign_in_kind,
        coalesce(edges.previous_date + 1, span.first_date) as first_date,
        coalesce(edges.next_date - 1, span.last_date) as last_date,
    from edges
    cross join span
),

united as (
    select
        *,
        'Covered' as state,
        'There are sign-ins of this kind on each of these days' as explanation,
    from covered
    union all by name
    select
        *,
        'Gap' as state,
        'There is no sign-in of this kind on any of these days: they were not exported, or nobody signed in' as explanation,
    from gaps
    where first_date <= last_date
    union all by name
    select
        kinds.sign_in_kind,
        span.first_date,
        span.last_date,
        case when span.has_unknown then 'Unknown' else 'Not supplied' end as state,
        case
            when span.has_unknown then 'No sign-in is known to be of this kind, but the kind of some is not known'
            else 'There is no sign-in of this kind in any file'
        end as explanation,
    from kinds
    cross join span
    where kinds.sign_in_kind not in (select sign_in_kind from covered)
      and span.first_date is not null
)

select
    sign_in_kind,
    state,
    first_date,
    last_date,
    (last_date - first_date + 1)::bigint as days,
    sign_ins,
    first_sign_in_at,
    last_sign_in_at,
    explanation,
from united
order by sign_in_kind, first_date
