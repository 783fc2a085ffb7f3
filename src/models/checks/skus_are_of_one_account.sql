-- One row where subscribed SKUs are of several accounts: the units of one SKU are their sum.
with

accounts as (
    select
        count(distinct account_id) as accounts,
        count(*) as records,
    from intermediate.current_subscribed_skus
)

select
    'info' as severity,
    'several_accounts' as finding,
    'subscribed_skus' as dataset,
    records as affected_records,
    'the subscribed SKUs are of several accounts (accountId), and the units of a SKU are the sum over them; accounts: ' || accounts as detail,
    'Nothing, if all of them are accounts of this tenant; else import the exports of each tenant into a database of its own.' as remedy,
from accounts
where accounts > 1
