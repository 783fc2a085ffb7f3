-- One row per SKU of a suite: which suites of one family replace each other, the higher tier the lower. Microsoft's list by GUID first; a SKU that it lacks goes by its part number.
with

-- Microsoft Learn, "Product names and service plan identifiers for licensing". Part numbers are irregular: M365_F1 is F1, M365_F1_GOV is F3.
listed (sku_id, sku_part_number, family, tier) as (
    values
        ('8a180c2b-f4cf-4d44-897c-3d32acc4a60b', 'EMSPREMIUM_GOV', 'Enterprise Mobility + Security', 2),
        ('a461b89c-10e3-471c-82b8-aae4d820fccb', 'EMSPREMIUM_USGOV_GCCHIGH', 'Enterprise Mobility + Security', 2),
        ('b05e124f-c7cc-45a0-a6aa-8cf78c946968', 'EMSPREMIUM', 'Enterprise Mobility + Security', 2),
        ('c793db86-5237-494e-9b11-dcd4877c2c8c', 'EMS_GOV', 'Enterprise Mobility + Security', 1),
        ('efccb6f7-5641-4e0e-bd10-b4976e1bf68e', 'EMS', 'Enterprise Mobility + Security', 1),
        ('84a661c4-e949-4bd2-a560-ed7766fcaf2b', 'AAD_PREMIUM_P2', 'Entra ID', 2),
        ('078d2b04-f1bd-4111-bbd4-b4b1b354cef4', 'AAD_PREMIUM', 'Entra ID', 1),
        ('de597797-22fb-4d65-a9fe-b7dbe8893914', 'AAD_PREMIUM_USGOV_GCCHIGH', 'Entra ID', 1),
        ('06ebc4ee-1bb5-47dd-8120-11324bc54e06', 'SPE_E5', 'Microsoft 365', 4),
        ('18a4bd3f-0b5b-4887-b04f-61dd0ee15f5e', 'Microsoft_365_E5_(no_Teams)', 'Microsoft 365', 4),
        ('1e988bf3-8b7c-4731-bec0-4e2a2946600c', 'O365_w/o_Teams_Bundle_M5_(500_seats_min)_HUB', 'Microsoft 365', 4),
        ('2113661c-6509-4034-98bb-9c47bd28d63c', 'Microsoft_365_E5_without_Audio_Conferencing', 'Microsoft 365', 4),
        ('3271cf8e-2be5-4a09-a549-70fd05baaa17', 'O365_w/o_Teams_Bundle_M5', 'Microsoft 365', 4),
        ('4eb45c5b-0d19-4e33-b87c-adfc25268f20', 'SPE_E5_USGOV_GCCHIGH', 'Microsoft 365', 4),
        ('6ee4114a-9b2d-4577-9e7a-49fa43d222d3', 'Microsoft_365_E5_EEA_(no_Teams)_with_Calling_Minutes', 'Microsoft 365', 4),
        ('90277bc7-a6fe-4181-99d8-712b08b8d32b', 'Microsoft_365_E5_EEA_(no_Teams)_without_Audio_Conferencing', 'Microsoft 365', 4),
        ('a640eead-25f6-4bec-97e3-23cfd382d7c2', 'Microsoft_365_E5_EEA_(no_Teams)_without_Audio_Conferencing_(500_seats_min)_HUB', 'Microsoft 365', 4),
        ('a91fc4e0-65e5-4266-aa76-4037509c1626', 'SPE_E5_CALLINGMINUTES', 'Microsoft 365', 4),
        ('b0f809d5-a662-4391-a5aa-136e9c565b9d', 'M365_G5_GOV', 'Microsoft 365', 4),
        ('cd2925a3-5076-4233-8931-638a8c94f773', 'SPE_E5_NOPSTNCONF', 'Microsoft 365', 4),
        ('db684ac5-c0e7-4f92-8284-ef9ebde75d33', 'Microsoft_365_E5', 'Microsoft 365', 4),
        ('e2be619b-b125-455f-8660-fb503e431a5d', 'M365_G5_GCC', 'Microsoft 365', 4),
        ('05e9a617-0261-4cee-bb44-138d3ef5d965', 'SPE_E3', 'Microsoft 365', 3),
        ('0c21030a-7e60-4ec7-9a0f-0042e0e0211a', 'Microsoft_365_E3', 'Microsoft 365', 3),
        ('602e6573-55a3-46b1-a1a0-cc267991501a', 'O365_w/o Teams Bundle_M3_(500_seats_min)_HUB', 'Microsoft 365', 3),
        ('c2fe850d-fbbb-4858-b67d-bd0c6e746da3', 'O365_w/o Teams Bundle_M3', 'Microsoft 365', 3),
        ('ca9d1dd9-dfe9-4fef-b97c-9bc1ea3c3658', 'SPE_E3_USGOV_GCCHIGH', 'Microsoft 365', 3),
        ('d61d61cc-f992-433f-a577-5bd016037eeb', 'SPE_E3_USGOV_DOD', 'Microsoft 365', 3),
        ('dcf0408c-aaec-446c-afd4-43e3683943ea', 'Microsoft_365_E3_(no_Teams)', 'Microsoft 365', 3),
        ('e823ca47-49c4-46b3-b38d-ca11d5abe3d2', 'M365_G3_GOV', 'Microsoft 365', 3),
        ('2a914830-d700-444a-b73c-e3f31980d833', 'M365_F1_GOV', 'Microsoft 365', 2),
        ('66b55226-6b4f-492c-910c-a3b7a3c9d993', 'SPE_F1', 'Microsoft 365', 2),
        ('f7ee79a7-7aec-4ca4-9fb9-34d6b930ad87', 'Microsoft_365_F3_EEA_(no_Teams)', 'Microsoft 365', 2),
        ('0666269f-b167-4c5b-a76f-fc574f2b1118', 'Microsoft_365_F1_EEA_(no_Teams)', 'Microsoft 365', 1),
        ('44575883-256e-4a79-9da4-ebe9acabe2b2', 'M365_F1', 'Microsoft 365', 1),
        ('50f60901-3181-4b75-8a2c-4c8e4c1d5a72', 'M365_F1_COMM', 'Microsoft 365', 1),
        ('00e1ec7b-e4a3-40d1-9441-b69b597ab222', 'Microsoft_365_ Business_ Premium_(no Teams)', 'Microsoft 365 Business', 3),
        ('24c35284-d768-4e53-84d9-b7ae73dddf69', 'Microsoft_365_Business_Premium_Donation_(Non_Profit_Pricing)', 'Microsoft 365 Business', 3),
        ('a3f586b6-8cce-4d9b-99d6-55238397f77a', 'Office_365_w/o_Teams_Bundle_Business_Premium', 'Microsoft 365 Business', 3),
        ('cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46', 'SPB', 'Microsoft 365 Business', 3),
        ('5a1c7b8d-0739-4ca8-bf69-ec87e69133ac', 'MICROSOFT_365_BUSINESS_STANDARD_NO_TEAMS', 'Microsoft 365 Business', 2),
        ('ac5cef5d-921b-4f97-9ef3-c99076e5470f', 'SMB_BUSINESS_PREMIUM', 'Microsoft 365 Business', 2),
        ('c1f79c29-5d7a-4bec-a2c1-1a76774864c0', 'Office_365_w/o_Teams_Bundle_Business_Standard', 'Microsoft 365 Business', 2),
        ('f245ecc8-75af-4f8e-b61f-27d8114de5f3', 'O365_BUSINESS_PREMIUM', 'Microsoft 365 Business', 2),
        ('ffa3a2a0-3820-462a-aa81-8a4d741f0cba', 'Microsoft_365_Business_Standard_EEA_(no_Teams)', 'Microsoft 365 Business', 2),
        ('21502a13-c8dc-4744-be9c-177fd9d2eafc', 'Microsoft_365_Business_Basic_(no Teams)', 'Microsoft 365 Business', 1),
        ('3b555118-da6a-4418-894f-7df1e2096870', 'O365_BUSINESS_ESSENTIALS', 'Microsoft 365 Business', 1),
        ('b1f3042b-a390-4b56-ab61-b88e7e767a97', 'Microsoft_365_Business_Basic_EEA_(no_Teams)', 'Microsoft 365 Business', 1),
        ('dab7782a-93b1-4074-8bb1-0e61318bea0b', 'SMB_BUSINESS_ESSENTIALS', 'Microsoft 365 Business', 1),
        ('1341559b-49df-443c-8e79-fa604fed2d82', 'ENTERPRISEPREMIUM_NOPSTNCONF_NOPBI_GOV', 'Office 365', 4),
        ('26d45bd9-adf1-46cd-a9e1-51e9a5524128', 'ENTERPRISEPREMIUM_NOPSTNCONF', 'Office 365', 4),
        ('2f105cc2-c2c1-435b-a955-c5e82156c05d', 'ENTERPRISEPREMIUM_NOPBIPBX_GOV', 'Office 365', 4),
        ('71772aeb-4bb8-4f74-9dd4-36c7a9b5ca74', 'Office_365_E5_EEA_(no_Teams)_without_Audio_Conferencing', 'Office 365', 4),
        ('8900a2c0-edba-4079-bdf3-b276e293b6a8', 'ENTERPRISEPREMIUM_GOV', 'Office 365', 4),
        ('c7df2760-2c81-4ef7-b578-5b5392b571df', 'ENTERPRISEPREMIUM', 'Office 365', 4),
        ('cf50bae9-29e8-4775-b07c-56ee10e3776d', 'Office_365_w/o_Teams_Bundle_E5', 'Office 365', 4),
        ('24aebea8-7fac-48d0-8750-de4ee1fde205', 'ENTERPRISEPACKWITHOUTPROPLUS_GOV', 'Office 365', 3),
        ('46c3a859-c90d-40b3-9551-6178a48d5c18', 'Office_365_E3_(no_Teams)', 'Office 365', 3),
        ('535a3a29-c5f0-42fe-8215-d3b9e1f38c4a', 'ENTERPRISEPACK_GOV', 'Office 365', 3),
        ('6fd2c87f-b296-42f0-b197-1e91e994b900', 'ENTERPRISEPACK', 'Office 365', 3),
        ('aea38a85-9bd5-4981-aa00-616b411205bf', 'ENTERPRISEPACK_USGOV_GCCHIGH', 'Office 365', 3),
        ('b107e5a3-3e60-4c0d-a184-a7e4395eb44c', 'ENTERPRISEPACK_USGOV_DOD', 'Office 365', 3),
        ('d711d25a-a21c-492f-bd19-aae1e8ebaf30', 'O365_w/o_Teams_Bundle_E3', 'Office 365', 3),
        ('18181a46-0d4e-45cd-891e-60aabd171b4e', 'STANDARDPACK', 'Office 365', 2),
        ('3f4babde-90ec-47c6-995d-d223749065d1', 'STANDARDPACK_GOV', 'Office 365', 2),
        ('b57282e3-65bd-4252-9502-c0eae1e5ab7f', 'Office_365_w/o_Teams_Bundle_E1', 'Office 365', 2),
        ('f698ca06-024f-4562-b029-9cb1f1e02646', 'STANDARDPACK_USGOV_GCCHIGH', 'Office 365', 2),
        ('f8ced641-8e17-4dc5-b014-f5a2d53f6ac8', 'Office_365_E1_(no_Teams)', 'Office 365', 2),
        ('4b585984-651b-448a-9e53-3b10f069cf7f', 'DESKLESSPACK', 'Office 365', 1),
        ('74039b88-bd62-4b5c-9d9c-7a92bbc0bfdf', 'DESKLESSPACK_USGOV_GCCHIGH', 'Office 365', 1),
        ('d1f0495b-cb7b-4e11-8b85-daee7e7e5664', 'Office_365_F3_EEA_(no_Teams)', 'Office 365', 1)
),

named (part_number, family, tier) as (
    values
        ('SPE_E5', 'Microsoft 365', 4),
        ('SPE_E3', 'Microsoft 365', 3),
        ('SPE_F1', 'Microsoft 365', 2),
        ('M365_G5', 'Microsoft 365', 4),
        ('M365_G3', 'Microsoft 365', 3),
        ('M365_F1', 'Microsoft 365', 1),
        ('ENTERPRISEPREMIUM', 'Office 365', 4),
        ('ENTERPRISEPACK', 'Office 365', 3),
        ('STANDARDPACK', 'Office 365', 2),
        ('DESKLESSPACK', 'Office 365', 1),
        ('EMSPREMIUM', 'Enterprise Mobility + Security', 2),
        ('EMS', 'Enterprise Mobility + Security', 1),
        ('AAD_PREMIUM_P2', 'Entra ID', 2),
        ('AAD_PREMIUM', 'Entra ID', 1),
        ('SPB', 'Microsoft 365 Business', 3),
        ('O365_BUSINESS_PREMIUM', 'Microsoft 365 Business', 2),
        ('O365_BUSINESS_ESSENTIALS', 'Microsoft 365 Business', 1)
),

unlisted as (
    select
        sku_id,
        upper(sku_part_number) as part_number,
        -- Without the ending of a government cloud, where what is called F1 is F3.
        regexp_replace(part_number, '(_USGOV)?_(GOV|GCC|GCCHIGH|DOD)$', '') as base,
        case when base = 'M365_F1' and base <> part_number then 'SPE_F1' else base end as suite,
    from intermediate.known_skus
    where sku_id not in (select sku_id from listed)
)

select sku_id, family, tier from listed
union all
select unlisted.sku_id, named.family, named.tier
from unlisted
join named
  on named.part_number = unlisted.suite
