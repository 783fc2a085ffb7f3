-- One row per subject of a diff: how many were gained, lost and changed; null where that is not known.
select
    subject,
    verdicts.missing is null as is_compared,
    case when missing is null then count(*) filter (change = 'gained') end as gained,
    case when missing is null then count(*) filter (change = 'lost') end as lost,
    case when missing is null then count(distinct (user_id, user_principal_name, sku_id)) filter (change = 'changed') end as changed,
    count(*) filter (change = 'withheld' and is_new) as gained_withheld,
    count(*) filter (change = 'withheld' and not is_new) as lost_withheld,
    count(*) filter (change = 'unknown') as values_unknown,
from verdicts
left join changes using (subject)
group by subject, verdicts.missing
