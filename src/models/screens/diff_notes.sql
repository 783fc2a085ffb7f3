-- One row per thing to know of a diff: what could not be compared and why, and what was read on both days.
with

counts as (
    select * from counted
),

pairs as (
    select
        subject,
        dataset,
        max(file_ids) filter (side = 'before') as old_files,
        max(file_ids) filter (side = 'after') as new_files,
        max(snapshot_date) filter (side = 'after') as new_date,
        bool_or(has_newer_incomplete) filter (side = 'after') as is_passed_over,
        max(missing) filter (side = 'before') as missing_before,
        max(missing) filter (side = 'after') as missing_after,
    from bases
    group by all
),

-- Logs grow: what is read of them is never the same.
same as (
    select
        *,
        coalesce(old_files = new_files, false) as is_same,
    from pairs
    where dataset <> 'sign_ins'
      and (old_files is not null or new_files is not null)
),

notes as (
    select subject, 1 as place, 'not compared: ' || missing as note
    from verdicts
    where missing is not null
    union all
    select subject, 2 as place, gained_withheld || ' more on ' || $after || ' are not called gained: ' || doubt_before as note
    from counts
    join verdicts using (subject)
    where gained_withheld > 0
    union all
    select subject, 3 as place, lost_withheld || ' fewer on ' || $after || ' are not called lost: ' || doubt_after as note
    from counts
    join verdicts using (subject)
    where lost_withheld > 0
    union all
    select
        subject,
        4 as place,
        case
            when bool_and(is_same) then 'both days read the same exports, of ' || min(new_date) || case when max(new_date) > min(new_date) then ' to ' || max(new_date) else '' end
            else 'both days read the same export of ' || string_agg(dataset || ' of ' || new_date, ', ' order by dataset) filter (is_same)
        end || coalesce('; a newer one is incomplete and was passed over: ' || string_agg(dataset, ', ' order by dataset) filter (is_same and is_passed_over), '') as note,
    from same
    group by subject
    having bool_or(is_same)
    union all
    select subject, 5 as place, coalesce(missing_before || ', so not on ' || $before, missing_after || ', so not on ' || $after) as note
    from pairs
    join verdicts using (subject)
    where verdicts.missing is null
      and (missing_before is null) <> (missing_after is null)
    union all
    select subject, 6 as place, 'values known on one of the days only, which are no changes: ' || values_unknown as note
    from counts
    where values_unknown > 0
)

select subject, note
from notes
order by subject, place, note
