-- The ledger: what was imported, from which file, and what became of every record.
create schema if not exists raw;
create schema if not exists reference;
create schema if not exists staging;
create schema if not exists intermediate;
create schema if not exists checks;
create schema if not exists lineage;
create schema if not exists meta;
create schema if not exists macros;

-- How keys compare, everywhere the same. An id: GUIDs without case, braces and dashes; an empty one and that of zeros is none.
create or replace macro macros.guid_key(id) as
    nullif(
        case
            when strlen(id) = 36 then lower(id)
            else coalesce(try_cast(trim(id) as uuid)::varchar, nullif(trim(lower(id), ' {}'), ''))
        end,
        '00000000-0000-0000-0000-000000000000'
    );

-- Whether a text has a letter whose small form is not the same to every program: such names are compared as they stand.
create or replace macro macros.has_odd_case(name) as
    strlen(name) > length(name)
    and regexp_matches(name, '[\x{00B5}\x{0130}\x{0131}\x{017F}\x{0345}\x{03A3}\x{03C2}\x{03D0}\x{03D1}\x{03D5}\x{03D6}\x{03F0}\x{03F1}\x{03F5}\x{1C80}-\x{1C8F}\x{1E9B}\x{A7C0}-\x{A7DF}\x{10D50}-\x{10D8F}\x{16EA0}-\x{16EDF}]');

-- A UPN, an address, or any other text: in NFC, without case and spaces around. trim() looks at each character, though nearly no name has a space or one beyond ASCII.
create or replace macro macros.name_key(name) as
    nullif(
        case
            when not (contains(name, ' ') or strlen(name) > length(name)) then lower(name)
            when macros.has_odd_case(name) then nfc_normalize(trim(name))
            else lower(nfc_normalize(trim(name)))
        end,
        ''
    );

-- A key as a number: many are told apart at a third of the time that their texts take, which matters where lists are counted.
create or replace macro macros.key_hash(key) as nullif(hash(key), hash(null));

-- Whether a text stands where a name or an id was, and is none: concealed in one of the forms that reports have had.
create or replace macro macros.is_concealed(name) as
    case
        when starts_with(name, '<') or starts_with(name, '(') then regexp_matches(name, '^(?i:<PII:|\(Unknown\)$)')
        when strlen(name) = 32 then regexp_matches(name, '^[0-9A-Fa-f]{32}$')
        when strlen(name) = 36 then name = '00000000-0000-0000-0000-000000000000'
        when name is not null then false
    end;

-- The MFA status by the flags of a registration record; where isMfaRegistered was not exported the methods stand in for it, as long as the user is not capable.
create or replace macro macros.mfa_status(is_capable, is_registered, has_mfa_method) as
    case
        when is_capable then 'Enabled'
        when coalesce(is_registered, case when is_capable = false then has_mfa_method end) = false then 'Disabled'
        when is_capable = false and coalesce(is_registered, has_mfa_method) then 'Non-compliant'
        else 'Not Available'
    end;

-- Whether a row names nobody: its name is concealed or not there.
create or replace macro macros.names_nobody(name) as macros.name_key(name) is null or macros.is_concealed(name);

create table if not exists meta.database (
    format_version integer not null,
    tool_version varchar not null,
    views_hash varchar not null,
);

create table if not exists meta.imports (
    import_id integer not null,
    started_at timestamp not null,
    finished_at timestamp not null,
    tool_version varchar not null,
    stated_as_of date,
    -- Datasets of which --complete says that they are whole.
    stated_complete varchar,
    files integer not null,
    same_tenant boolean,
);

create table if not exists meta.tenant (
    tenant_id varchar,
    tenant_name varchar,
    named_by varchar not null,
    import_id integer not null,
);

-- One row per collection: the files of one dataset, date and report period in one import.
create table if not exists meta.snapshots (
    snapshot_id integer not null,
    import_id integer not null,
    dataset varchar not null,
    snapshot_date date,
    -- Of events: the day of the first one; snapshot_date is the day of the last.
    first_date date,
    snapshot_date_source varchar not null,
    report_period integer,
    completeness varchar not null,
    completeness_reason varchar,
    superseded_by integer,
);

create table if not exists meta.source_files (
    source_file_id integer not null,
    import_id integer not null,
    snapshot_id integer,
    file_name varchar not null,
    sha256 varchar not null,
    bytes bigint not null,
    dataset varchar,
    wrapper varchar not null,
    encoding varchar not null,
    date_order varchar,
    time_zone varchar,
    schema_hash varchar,
    snapshot_date date,
    snapshot_date_source varchar,
    report_period integer,
    completeness varchar not null,
    completeness_reason varchar,
    records_read bigint not null,
    records_loaded bigint not null,
    records_rejected bigint not null,
    records_duplicate bigint not null,
    error_code varchar,
    error_message varchar,
    -- What the file itself says, where it is suspected to lack something that another list has.
    own_completeness varchar,
    own_reason varchar,
    is_stated_whole boolean,
);

create table if not exists meta.source_properties (
    source_file_id integer not null,
    property varchar not null,
    records_present bigint not null,
    records_null bigint not null,
    records_lost bigint not null,
    records_concealed bigint not null,
);

create table if not exists meta.issues (
    source_file_id integer not null,
    code varchar not null,
    severity varchar not null,
    pointer varchar,
    records bigint not null,
    message varchar not null,
    cure varchar not null,
);

create table if not exists meta.rejected_records (
    source_file_id integer not null,
    record_number bigint not null,
    byte_offset bigint not null,
    byte_length bigint not null,
    code varchar not null,
    pointer varchar,
    message varchar not null,
    cure varchar,
);

-- What is said of whose a file is: the host of the cloud that it names, whether it has anything to compare, and whether --same-tenant took it in.
create table if not exists meta.file_tenants (
    source_file_id integer not null,
    graph_host varchar,
    has_evidence boolean not null,
    same_tenant boolean not null,
);

-- Events that stand in two files: loaded from the one, a duplicate in the other.
create table if not exists meta.shared_events (
    source_file_id integer not null,
    other_file_id integer not null,
    records bigint not null,
);

-- One row per file that was forgotten, as it stood; of an event file that stays without its old events, one each time.
create table if not exists meta.forgotten (
    source_file_id integer not null,
    import_id integer not null,
    snapshot_id integer,
    file_name varchar not null,
    sha256 varchar not null,
    bytes bigint not null,
    dataset varchar,
    snapshot_date date,
    report_period integer,
    completeness varchar not null,
    records_read bigint not null,
    records_loaded bigint not null,
    records_rejected bigint not null,
    records_duplicate bigint not null,
    records_forgotten bigint not null,
    records_elsewhere bigint not null,
    forgotten_at timestamp not null,
    forgotten_by varchar not null,
    tool_version varchar not null,
);

-- What tables of older versions lack.
alter table meta.imports add column if not exists same_tenant boolean;
alter table meta.source_files add column if not exists date_order varchar;
alter table meta.source_files add column if not exists time_zone varchar;
alter table meta.rejected_records add column if not exists cure varchar;
alter table meta.imports add column if not exists stated_complete varchar;
alter table meta.source_files add column if not exists own_completeness varchar;
alter table meta.source_files add column if not exists own_reason varchar;
alter table meta.source_files add column if not exists is_stated_whole boolean;

-- The datasets that this version of the tool knows. Written anew at every import.
create or replace table meta.datasets (
    dataset varchar not null,
    title varchar not null,
    kind varchar not null,
    schema_hash varchar not null,
    export_graph varchar not null,
    export_portal varchar not null,
    export_powershell varchar,
);

-- What each table of what is settled (`meta.newest_…`) was made from, as a fingerprint.
create table if not exists meta.settled_tables (
    table_name varchar not null,
    fingerprint varchar not null,
);

-- What `settled/earlier_upns.sql` found, which compares no two exports twice.
create table if not exists meta.earlier_upns (
    version varchar not null,
    earlier_date date not null,
    later_date date not null,
    user_id varchar,
    upn_key varchar,
);
