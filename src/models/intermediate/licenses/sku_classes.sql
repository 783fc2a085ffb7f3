-- One row per SKU that is known to be Paid, Free or Trial: a short list of free SKUs and trials first, then the tenant's subscriptions.
with

-- Of the list that ships with the tool (Microsoft Learn, "Product names and service plan identifiers for licensing")
-- what its names call free, a trial or for developers; and what Microsoft Learn documents as free of charge: Teams
-- Exploratory, Teams Rooms Basic, Rights Management Adhoc (RMS for individuals), Microsoft Business Center, Windows
-- Store for Business, Microsoft Stream (the sign-up by oneself). Subscriptions do not show it: isTrial is false of a
-- free one as of a paid one.
listed (sku_id, sku_part_number, sku_class) as (
    values
        ('90d8b3f8-712e-4f7b-aa1e-62e7ae6cbe96', 'SMB_APPS', 'Free'),
        ('a403ebcc-fae0-4ca2-8c8c-7a907fd6c235', 'POWER_BI_STANDARD', 'Free'),
        ('ade29b5f-397e-4eb9-a287-0344bd46c68d', 'POWER_BI_STANDARD_FACULTY', 'Free'),
        ('bdcaf6aa-04c1-4b8f-b64e-6e3bd505ac64', 'POWER_BI_STANDARD_STUDENT', 'Free'),
        ('f30db892-07e9-47e9-837c-80727f46fd3d', 'FLOW_FREE', 'Free'),
        ('16ddbbfc-09ea-4de2-b1d7-312db6112d70', 'TEAMS_FREE', 'Free'),
        ('710779e8-3d4a-4c88-adb9-386c958d1fdf', 'TEAMS_EXPLORATORY', 'Free'),
        ('e0dfc8b9-9531-4ec8-94b4-9fec23b05fc8', 'Microsoft_Teams_Exploratory_Dept', 'Free'),
        ('6af4b3d6-14bb-4a2a-960c-6c902aad34f3', 'Microsoft_Teams_Rooms_Basic', 'Free'),
        ('a4e376bd-c61e-4618-9901-3fc0cb1b88bb', 'Microsoft_Teams_Rooms_Basic_FAC', 'Free'),
        ('50509a35-f0bd-4c5e-89ac-22f0e16a00f8', 'Microsoft_Teams_Rooms_Basic_without_Audio_Conferencing', 'Free'),
        ('5b631642-bd26-49fe-bd20-1daaa972ef80', 'POWERAPPS_DEV', 'Free'),
        ('8c4ce438-32a7-4ac5-91a6-e22ae08d9c8b', 'RIGHTSMANAGEMENT_ADHOC', 'Free'),
        ('726a0894-2c77-4d65-99da-9775ef05aad1', 'MICROSOFT_BUSINESS_CENTER', 'Free'),
        ('6470687e-a428-4b7a-bef2-8a291ad947c9', 'WINDOWS_STORE', 'Free'),
        ('1f2f344a-700d-42c9-9427-5cea1d5d7ba6', 'STREAM', 'Free'),
        ('dcb1a3ae-b33f-4487-846a-a640262fadf4', 'POWERAPPS_VIRAL', 'Trial'),
        ('606b54a9-78d8-4298-ad8b-df6ef4481c80', 'CCIBOTS_PRIVPREV_VIRAL', 'Trial'),
        ('bc946dac-7877-4271-b2f7-99d2db13cd2c', 'FORMS_PRO', 'Trial'),
        ('338148b6-1b11-4102-afb9-f92b6cdc0f8d', 'DYN365_ENTERPRISE_P1_IW', 'Trial'),
        ('9c7bff7a-3715-4da7-88d3-07f57f8d0fb6', 'D365_SALES_PRO_IW', 'Trial'),
        ('1508ad2d-5802-44e6-bfe8-6fb65de63d28', 'DYN365_RETAIL_TRIAL', 'Trial'),
        ('036c2481-aa8a-47cd-ab43-324f0c157c2d', 'DYN365_CUSTOMER_INSIGHTS_VIRAL', 'Trial'),
        ('1e615a51-59db-4807-9957-aa83c3657351', 'Dynamics_365_Customer_Service_Enterprise_viral_trial', 'Trial'),
        ('61e6bd70-fbdb-4deb-82ea-912842f39431', 'DYN365_AI_SERVICE_INSIGHTS', 'Trial'),
        ('29fcd665-d8d1-4f34-8eed-3811e3fca7b3', 'Dynamics_365_Field_Service_Enterprise_viral_trial', 'Trial'),
        ('99cb3f83-fbec-4aa1-8262-9679e6df7c53', 'Dynamics_365_Guides_vTrial', 'Trial'),
        ('6ec92958-3cc1-49db-95bd-bc6b3798df71', 'Dynamics_365_Sales_Premium_Viral_Trial', 'Trial'),
        ('556640c0-53ea-4773-907d-29c55332983f', 'Microsoft_Cloud_for_Sustainability_vTrial', 'Trial'),
        ('3f9f06f5-3c31-472c-985f-62d9c10ec167', 'Power_Pages_vTrial_for_Makers', 'Trial'),
        ('74fbf1bb-47c6-4796-9623-77dc7371723b', 'MS_TEAMS_IW', 'Trial'),
        ('fcecd1f9-a91e-488d-a918-a96cdb6ce2b0', 'AX7_USER_TRIAL', 'Trial')
),

subscriptions as (
    select
        sku_id,
        is_trial,
        coalesce(subscription_status, 'Enabled') in ('Enabled', 'Warning') as is_live,
    from staging.directory_subscriptions
    join intermediate.current_files using (source_file_id)
),

bought as (
    select
        sku_id,
        case
            when bool_or(not is_trial and is_live) then 'Paid'
            -- Of a subscription that does not say, nobody knows that it is free of charge.
            when bool_or(is_live) then case when bool_and(coalesce(is_trial, false)) filter (is_live) then 'Trial' end
            when bool_or(not is_trial) then 'Paid'
            when bool_and(coalesce(is_trial, false)) then 'Trial'
        end as sku_class,
    from subscriptions
    group by all
)

select
    sku_id,
    coalesce(listed.sku_class, bought.sku_class) as sku_class,
from listed
full join bought using (sku_id)
where coalesce(listed.sku_class, bought.sku_class) is not null
