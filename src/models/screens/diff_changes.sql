-- One row per difference between the two sides of a diff; of what is withheld or unknown on one side too.
with

sides as (
    select
        coalesce(user_id, macros.name_key(user_principal_name)) as user_key,
        coalesce(sku_id, '') as sku_key,
        *,
    from items
),

old as (
    select * from sides where side = 'before'
),

new as (
    select * from sides where side = 'after'
),

pairs as (
    select
        subject,
        coalesce(new.user_id, old.user_id) as user_id,
        coalesce(new.sku_id, old.sku_id) as sku_id,
        coalesce(new.user_principal_name, old.user_principal_name) as user_principal_name,
        coalesce(new.product_name, old.product_name) as product_name,
        property,
        old.value as before,
        new.value as after,
        old.label as old_label,
        new.label as new_label,
        old.side is null as is_new,
        new.side is null as is_gone,
    from old
    full join new using (subject, user_key, sku_key, property)
),

judged as (
    select
        pairs.*,
        case
            when is_new and doubt_before is null then 'gained'
            when is_gone and doubt_after is null then 'lost'
            when is_new or is_gone then 'withheld'
            when before <> after then 'changed'
            else 'unknown'
        end as change,
    from pairs
    join verdicts using (subject)
    where verdicts.missing is null
      and before is distinct from after
       or (verdicts.missing is null and (is_new or is_gone))
)

-- Of what came or went one row, with what it is.
select distinct
    subject,
    change,
    user_id,
    sku_id,
    user_principal_name,
    product_name,
    case when is_new or is_gone then null else property end as property,
    case when is_new then null when is_gone then old_label else before end as before,
    case when is_gone then null when is_new then new_label else after end as after,
    is_new,
from judged
