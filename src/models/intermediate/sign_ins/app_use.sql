-- One row per user whom the reports on the Office applications or on Copilot name: how far they reach, the newest use that they show, and for how many days they would show it.
select
    user_id,
    apps_reach,
    apps_last_activity_date as apps_date,
    apps_days,
    copilot_reach,
    copilot_last_activity_date as copilot_date,
    copilot_days,
from intermediate.person_facts
where user_id is not null
  and (apps_reach is not null or copilot_reach is not null)
