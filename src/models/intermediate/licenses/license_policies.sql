-- One row per user and SKU that a rule of the reclaim policy names; user_id null: the rules for all users.
with

rules as (
    select
        record_number,
        sku_id,
        sku_part_number,
        upn_key,
        replace(replace(replace(replace(user_pattern, '!', '!!'), '%', '!%'), '_', '!_'), '*', '%') as upn_like,
        after_days,
        is_excluded,
        coalesce(reason, 'no reason given') as reason,
        -- A rule on a user comes before one on a pattern of users, that before one on all; each the sooner where it names a SKU.
        case when upn_key is not null then 4 when user_pattern is not null then 2 else 0 end
        + case when sku_id is not null or sku_part_number is not null then 1 else 0 end as precedence,
    from staging.reclaim_policy
    join intermediate.current_files using (source_file_id)
),

skus as (
    select sku_id, upper(sku_part_number) as sku_part_number from intermediate.current_subscribed_skus
    union
    select sku_id, upper(sku_part_number) from staging.reference_sku_names
    union
    select sku_id, null from intermediate.set_licenses
    union
    select sku_id, null from intermediate.holding_paths
),

users as (
    select user_id, upn_key from intermediate.current_users
),

-- Users by name and by pattern apart: names are matched by a hash, patterns one by one.
ruled_users as (
    select rules.record_number, users.user_id
    from rules
    join users using (upn_key)
    where upn_like is null
       or upn_key like upn_like escape '!'
    union all
    select rules.record_number, users.user_id
    from rules
    join users
      on users.upn_key like rules.upn_like escape '!'
    where rules.upn_key is null
    union all
    select record_number, null
    from rules
    where upn_key is null
      and upn_like is null
),

ruled_skus as (
    select distinct rules.record_number, skus.sku_id
    from rules
    join skus
      on (rules.sku_id is null and rules.sku_part_number is null)
      or rules.sku_id = skus.sku_id
      or rules.sku_part_number = skus.sku_part_number
)

select
    ruled_users.user_id,
    ruled_skus.sku_id,
    -- Of rules of the same precedence the first in the list.
    max_by(after_days, precedence * 1000000 - record_number) filter (after_days is not null) as after_days,
    max_by(reason, precedence * 1000000 - record_number) filter (is_excluded) as exclusion,
from rules
join ruled_users using (record_number)
join ruled_skus using (record_number)
group by all
