-- One row per SKU that is for accounts of no person: of what kind they are. Microsoft's list by GUID first; a SKU that it lacks goes by its part number.
with

-- Microsoft Learn, "Product names and service plan identifiers for licensing".
listed (sku_id, sku_part_number, account_kind) as (
    values
        ('440eaaa8-b3e0-484b-a8be-62870b9ba70a', 'PHONESYSTEM_VIRTUALUSER', 'Resource account'),
        ('0e142028-345e-45da-8d92-8bfd4093bbb9', 'PHONESYSTEM_VIRTUALUSER_FACULTY', 'Resource account'),
        ('2cf22bcb-0c9e-4bc6-8daf-7e7654c0f285', 'PHONESYSTEM_VIRTUALUSER_GOV', 'Resource account'),
        ('e3f0522e-ebb7-4561-9f90-b44516d65b77', 'PHONESYSTEM_VIRTUALUSER_USGOV_GCCHIGH', 'Resource account'),
        ('295a8eb0-f78d-45c7-8b5b-1eed5ed02dff', 'MCOCAP', 'Resource account'),
        ('420c7602-7f70-4895-9394-d3d679ea36fb', 'MCOCAP_FACULTY', 'Resource account'),
        ('b1511558-69bd-4e1b-8270-59ca96dba0f3', 'MCOCAP_GOV', 'Resource account'),
        ('6af4b3d6-14bb-4a2a-960c-6c902aad34f3', 'Microsoft_Teams_Rooms_Basic', 'Room or equipment'),
        ('a4e376bd-c61e-4618-9901-3fc0cb1b88bb', 'Microsoft_Teams_Rooms_Basic_FAC', 'Room or equipment'),
        ('50509a35-f0bd-4c5e-89ac-22f0e16a00f8', 'Microsoft_Teams_Rooms_Basic_without_Audio_Conferencing', 'Room or equipment'),
        ('4cde982a-ede4-4409-9ae6-b003453c8ea6', 'Microsoft_Teams_Rooms_Pro', 'Room or equipment'),
        ('c25e2b36-e161-4946-bef2-69239729f690', 'Microsoft_Teams_Rooms_Pro_FAC', 'Room or equipment'),
        ('31ecb341-2a17-483e-9140-c473006d1e1a', 'Microsoft_Teams_Rooms_Pro_GCC', 'Room or equipment'),
        ('21943e3a-2429-4f83-84c1-02735cd49e78', 'Microsoft_Teams_Rooms_Pro_without_Audio_Conferencing', 'Room or equipment'),
        ('6070a4c8-34c6-4937-8dfb-39bbc6397a60', 'MEETING_ROOM', 'Room or equipment'),
        ('9571e9ac-2741-4b63-95fd-a79696f0d0ac', 'MEETING_ROOM_GOV', 'Room or equipment'),
        ('b4348f75-a776-4061-ac6c-36b9016b01d1', 'MEETING_ROOM_GOV_NOAUDIOCONF', 'Room or equipment'),
        ('61bec411-e46a-4dab-8f46-8b58ec845ffe', 'MEETING_ROOM_NOAUDIOCONF', 'Room or equipment'),
        ('4fb214cb-a430-4a91-9c91-4976763aa78f', 'MTR_PREM', 'Room or equipment')
),

subscribed as (
    select
        sku_id,
        max(upper(sku_part_number)) as part_number,
    from intermediate.current_subscribed_skus
    where sku_id not in (select sku_id from listed)
      and sku_id not in (select sku_id from staging.reference_sku_names)
    group by all
)

select sku_id, account_kind from listed
union all by name
select
    sku_id,
    case
        when regexp_matches(part_number, '^(PHONESYSTEM_VIRTUALUSER|MCOCAP)') then 'Resource account'
        else 'Room or equipment'
    end as account_kind,
from subscribed
where regexp_matches(part_number, '^(PHONESYSTEM_VIRTUALUSER|MCOCAP|MEETING_ROOM|(MICROSOFT_)?TEAMS_ROOMS)')
