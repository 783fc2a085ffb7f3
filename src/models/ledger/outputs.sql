-- The outputs, and what each of them needs. Written anew with the views.
create or replace table meta.outputs (
    output varchar not null,
    position integer not null,
    grain varchar not null,
);

create or replace table meta.output_needs (
    output varchar not null,
    need_group integer not null,
    dataset varchar not null,
    property varchar,
    is_essential boolean not null,
    is_noted boolean not null,
    is_substitute boolean not null,
    is_column boolean not null,
);

create or replace table meta.output_columns (
    output varchar not null,
    column_name varchar not null,
    meaning varchar not null,
);
