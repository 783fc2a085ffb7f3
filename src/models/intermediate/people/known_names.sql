-- One row per text by which exports other than that of the users may name people: whose it is; of several bearers nobody's. None where there is no such export.
-- materialize: at the latest date
select * from intermediate.identities
