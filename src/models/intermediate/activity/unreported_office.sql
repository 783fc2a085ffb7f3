-- One row where users with a plan for Office are inactive and nothing tells of their use of Office: why outputs on licenses are Partial.
select 'nothing tells of the use of Office by ' || count(*) || ' users who have a plan for it: m365_app_user_detail, or signInActivity with non-interactive sign-ins, would' as reason
from intermediate.person_activity
where is_office_unreported
having count(*) > 0
