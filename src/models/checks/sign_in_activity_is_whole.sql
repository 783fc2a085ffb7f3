-- One row where people whom reports or the log show in use have no signInActivity: it says nothing of those who have none.
select
    'warning' as severity,
    'sign_in_activity_unreliable' as finding,
    'users' as dataset,
    sum(silent_people)::bigint as affected_records,
    'enabled accounts of people with use up to ' || max(export_reach) || ' and without signInActivity: ' || sum(silent_people)
        || ' of ' || sum(used_people) || '; it shows nobody''s inactivity' as detail,
    'Export the users again with signInActivity, all pages by one account that may read it: ' || datasets.export_graph as remedy,
from (
    select distinct source_file_id, export_reach, silent_people, used_people
    from intermediate.person_activity
    where is_unreliable
)
join meta.datasets as datasets
  on datasets.dataset = 'users'
group by datasets.export_graph
