-- One row per MFA status: the enabled members first, guests and disabled accounts apart.
select
    mfa_status as "MFA",
    enabled_members as "enabled members",
    enabled_members_percent as "% of them",
    enabled_guests as "enabled guests",
    account_disabled_users as "disabled accounts",
    users as "all users",
    licensed_users as "licensed",
    admins as "admins",
from mfa_summary
order by case mfa_status when 'Enabled' then 1 when 'Non-compliant' then 2 when 'Disabled' then 3 else 4 end
