-- The rows of data_quality, for whoever looks for them one check after another.
create or replace temp table findings (
    severity varchar,
    finding varchar,
    dataset varchar,
    affected_records bigint,
    detail varchar,
    remedy varchar
)
