-- One row per subject of a diff: why it cannot be compared, and why its gains or losses are not known.
with

pairs as (
    select
        subject,
        dataset,
        bool_or(is_roll and is_supplied) as is_roll,
        bool_or(is_roll) as may_be_roll,
        max(missing) filter (side = 'before') as missing_before,
        max(missing) filter (side = 'after') as missing_after,
        max(doubt) filter (side = 'before' and is_roll) as doubt_before,
        max(doubt) filter (side = 'after' and is_roll) as doubt_after,
    from bases
    group by all
)

select
    subject,
    -- Where the one side has no such export, all of the other would be gained or lost.
    case
        when not bool_or(is_roll) then string_agg(missing_after, '; ' order by dataset) filter (may_be_roll)
        else string_agg(coalesce('on ' || $before || ' ' || missing_before, 'on ' || $after || ' ' || missing_after), '; ' order by dataset)
            filter (is_roll and (missing_before is null) <> (missing_after is null))
    end as missing,
    string_agg(doubt_before, '; ' order by dataset) as doubt_before,
    string_agg(doubt_after, '; ' order by dataset) as doubt_after,
from pairs
group by all
