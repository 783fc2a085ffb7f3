-- One row per MFA status: the people first, other enabled members, guests and accounts that may not sign in apart.
select
    case mfa_status
        when 'Enabled' then 'MFA capable (Enabled)'
        when 'Non-compliant' then 'not allowed (Non-compliant)'
        when 'Disabled' then 'not registered (Disabled)'
        else 'unknown (Not Available)'
    end as "MFA",
    members_of_kind_person as "people",
    case
        when members_of_kind_person is not null
            then round(100.0 * members_of_kind_person / nullif(sum(members_of_kind_person) over (), 0), 1)
    end as "%",
    enabled_members - members_of_kind_person as "others",
    enabled_guests as "guests",
    account_disabled_users as "blocked",
    users as "all",
    admins as "admins",
from mfa_summary
order by case mfa_status when 'Enabled' then 1 when 'Non-compliant' then 2 when 'Disabled' then 3 else 4 end
