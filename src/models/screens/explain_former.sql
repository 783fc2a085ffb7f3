-- One row when $name is a name of a user of an earlier users export: the day of the newest one that has the user.
select max(files.snapshot_date) as last_date
from staging.users as users
join meta.source_files as files using (source_file_id)
join meta.snapshots as snapshots using (snapshot_id)
join intermediate.parameters as parameters
  on files.snapshot_date < parameters.as_of
where snapshots.superseded_by is null
  and (users.user_id = macros.guid_key($name) or macros.name_key($name) in (users.upn_key, users.mail_key))
having count(*) > 0
