-- One row per series of numbered files of one export in which numbers are missing.
with

stems as (
    select
        files.dataset,
        -- Each file of events has days of its own, so that only the import says which belong together.
        case when files.kind = 'event' then files.import_id::varchar else files.snapshot_date::varchar end as collection,
        regexp_extract(lower(files.file_name), '^(.*?)(\.[a-z]+)*$', 1) as stem,
        regexp_extract(lower(files.file_name), '((\.[a-z]+)*)$', 1) as ending,
    from intermediate.current_files as files
    where files.kind <> 'reference'
      -- The answers of a batch are numbered in their file; what is not among them is something else.
      and not regexp_matches(files.file_name, '#[0-9]+$')
),

-- A day, a month or a time at the end of a name is no number of a page.
numbered as (
    select
        dataset,
        collection,
        ending,
        regexp_extract(stem, '^(.*?)[0-9]{1,5}[)]?$', 1) as head,
        regexp_extract(stem, '([0-9]{1,5})[)]?$', 1) as digits,
        regexp_extract(stem, '([)]?)$', 1) as tail,
    from stems
    where regexp_matches(stem, '[0-9][)]?$')
      and not regexp_matches(stem, '(19|20)[0-9]{2}[-_. ]?[0-9]{1,2}([-_. ]?[0-9]{1,2})?$')
      and not regexp_matches(stem, '[0-9]{1,2}[-_. ][0-9]{1,2}[-_. ](19|20)[0-9]{2}$')
      and not regexp_matches(stem, '[0-9]{6}$|[0-9]{2}[-_.:][0-9]{2}[-_.:][0-9]{2}$|[0-9][-_. t]+[0-9]{4}$')
),

series as (
    select
        dataset,
        collection,
        head,
        tail,
        ending,
        -- 001 or 1: how the numbers are written.
        case when bool_or(digits like '0%') then max(len(digits)) else 1 end as width,
        min(digits::integer) as first_number,
        max(digits::integer) as last_number,
        list(distinct digits::integer) as numbers,
    from numbered
    group by all
    having count(distinct digits::integer) > 1
),

-- Pages are counted from 0 or 1; where the second is the first of them, the first is missing, or has no number.
due as (
    select
        series.*,
        list_filter(
            range(
                case when first_number = 2 and stems.dataset is null then 1 else first_number end,
                last_number
            ),
            number -> not list_contains(numbers, number)
        ) as gaps,
    from series
    left join (select distinct dataset, collection, stem from stems) as stems
      on series.dataset = stems.dataset
     and series.collection = stems.collection
     and rtrim(series.head, ' -_(.') = stems.stem
),

named as (
    select
        *,
        list_transform(gaps[:5], number -> head || lpad(number::varchar, greatest(width, len(number::varchar))::integer, '0') || tail || ending) as names,
    from due
    where len(gaps) > 0
)

select
    'warning' as severity,
    'file_number_gap' as finding,
    dataset,
    len(gaps) as affected_records,
    array_to_string(names, ', ')
        || case when len(gaps) > 5 then ' and ' || len(gaps) - 5 || ' more are missing' when len(gaps) > 1 then ' are missing' else ' is missing' end
        || ' among the numbered files' as detail,
    'Look for the missing files, and import all files of the export together; or export again.' as remedy,
from named
