-- One row: the newest date in the data, incomplete exports included; as_of where nobody says another.
-- materialize: always
select max(greatest(snapshot_date, valid_from)) as newest_date
from meta.file_periods
where kind <> 'reference'
