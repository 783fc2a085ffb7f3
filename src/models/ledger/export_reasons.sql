-- One row per output and reason or note on its status, with a code.
with

said as (
    select output, false as is_note, unnest(reason_list) as text
    from intermediate.output_coverage
    union all
    select
        output,
        true as is_note,
        unnest(list_transform(string_split(reasons, 'note: ')[2:], lambda note: regexp_replace(note, '; $', ''))) as text,
    from intermediate.output_coverage
    where contains(reasons, 'note: ')
)

select
    output,
    is_note,
    case
        when contains(text, ' was not supplied') or contains(text, ' was supplied only from ') then 'not_supplied'
        when contains(text, ' could not be exported') then 'export_failed'
        when contains(text, ' conceals ') then 'concealed'
        when contains(text, ' lost ') then 'lost'
        when contains(text, ' was exported without ') or contains(text, ' that carries no ') or contains(text, ' has no value of ')
            then 'property_missing'
        when contains(text, ' is missing in ') or contains(text, ' was not exported in ') then 'property_incomplete'
        when contains(text, ' is incomplete and was passed over') then 'newer_incomplete'
        when contains(text, ' is incomplete') then 'incomplete'
        when contains(text, ' is contradicted') then 'day_contradicted'
        when contains(text, ' holds reports of several days') then 'several_days'
        when contains(text, ' has no record') then 'no_records'
        when starts_with(text, 'rejected records of ') then 'records_rejected'
        when contains(text, ', more than 7 days ') then 'days_apart'
        when contains(text, ' carries no identifiers ') or contains(text, ' cannot tell Enabled ') then 'substitute'
        when contains(text, ' cannot show that they are whole') then 'end_unknown'
        when contains(text, ' has entries without ') or contains(text, ' names no group in ') then 'entries_incomplete'
        when starts_with(text, 'nothing tells of ') then 'use_unreported'
        else 'other'
    end as code,
    (
        select max_by(dataset, length(dataset))
        from meta.datasets
        where regexp_matches(text, '\b' || dataset || '\b')
    ) as dataset,
    text,
from said
order by output, is_note, text
