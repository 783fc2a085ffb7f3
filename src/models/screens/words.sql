-- One row per value of an output that screens say in other words than queries and files: by subject of a diff, column and value.
select *
from (values
    ('mfa', 'mfa_status', 'Enabled', 'MFA capable (Enabled)'),
    ('mfa', 'mfa_status', 'Non-compliant', 'not allowed (Non-compliant)'),
    ('mfa', 'mfa_status', 'Disabled', 'not registered (Disabled)'),
    ('mfa', 'mfa_status', 'Not Available', 'unknown (Not Available)')
) as words (subject, property, value, words)
