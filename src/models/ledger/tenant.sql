-- One row per tenant that the files from $first_file on name: the organization export, else the one owner of the subscribed SKUs.
with

organizations as (
    select distinct
        id::varchar as tenant_id,
        displayName as tenant_name,
        'organization' as named_by,
    from raw.organization
    where source_file_id >= $first_file
      and source_file_id not in (select source_file_id from meta.file_tenants where same_tenant)
),

owners as (
    select distinct
        coalesce(try_cast(accountId as uuid)::varchar, lower(accountId)) as tenant_id,
        accountName as tenant_name,
        'subscribed_skus' as named_by,
    from raw.subscribed_skus
    where source_file_id >= $first_file
      and source_file_id not in (select source_file_id from meta.file_tenants where same_tenant)
      and accountId is not null
),

single_owner as (
    select * from owners
    where (select count(distinct tenant_id) from owners) = 1
      and not exists (select * from organizations)
    limit 1
)

select * from organizations
union all
select * from single_owner
