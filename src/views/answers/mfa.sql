-- One row per MFA status.
select
    mfa_status as "MFA",
    users as "users",
    account_enabled_users as "enabled accounts",
    licensed_users as "licensed",
    admins as "admins",
from mfa_summary
order by case mfa_status when 'Enabled' then 1 when 'Non-compliant' then 2 when 'Disabled' then 3 else 4 end
