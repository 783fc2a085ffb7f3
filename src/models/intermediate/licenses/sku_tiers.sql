-- One row per part number of a suite (without the ending of a government cloud): which suites of one family replace each other, the higher tier the lower.
select *
from (
    values
        ('SPE_E5', 'Microsoft 365', 3),
        ('SPE_E3', 'Microsoft 365', 2),
        ('SPE_F1', 'Microsoft 365', 1),
        ('M365_G5', 'Microsoft 365', 3),
        ('M365_G3', 'Microsoft 365', 2),
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
) as tiers (part_number, family, tier)
