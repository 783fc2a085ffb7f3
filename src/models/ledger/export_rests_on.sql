-- One row: the weakest thing that tells the day of a snapshot which the outputs of the bundle need.
select
    max_by(word, place) as as_of_rests_on,
from intermediate.dataset_coverage as coverage
join (values
    ('file', 'file', 1),
    ('as_of', 'stated', 2),
    ('records', 'records', 3),
    ('bound', 'records', 3),
    ('file_name', 'name', 4),
    ('folder_name', 'folder', 5),
    ('other_file', 'other_file', 6),
    ('modified_time', 'modified_time', 7)
) as sources (snapshot_date_source, word, place)
  using (snapshot_date_source)
where coverage.is_supplied
  and coverage.dataset in (
      select dataset
      from meta.output_needs
      where list_contains(string_split($outputs, ','), output)
  )
