-- One row when UPNs or mail addresses of people have letters whose small form is not the same to every program.
with

names as (
    select user_principal_name as name from intermediate.people
    union all
    select mail as name from intermediate.people
),

odd as (
    select count(*) as records from names where macros.has_odd_case(name)
)

select
    'warning' as severity,
    'names_with_odd_case' as finding,
    'users' as dataset,
    records as affected_records,
    'names and addresses with letters whose small form is not the same to every program (for example the dotted capital I, the final sigma): '
        || records || '; they are matched only where they are written alike' as detail,
    'See orphans for rows that were not matched by it; export what names users by their object id.' as remedy,
from odd
where records > 0
