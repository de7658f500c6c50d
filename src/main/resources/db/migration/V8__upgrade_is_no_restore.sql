-- A store of an earlier release has no lineage yet: it is recorded here, and the store goes on as it is. Nothing tells
-- whether it was restored before that, so at least the caches start anew. A lineage that was removed by hand, which
-- tells that the store is a copy, stays removed.
update catalogue
set lineage = store_lineage(), versions_from = (select last_value from media_version),
  generation = generation + 1, redis = case when redis is not null then '' end
where lineage is null and written_by is null;

-- Takes over a store that is not known. Versions and the generation go on from the clock, or from a generation that the
-- caller has seen if that is more. Item ids go on from the age of the store in microseconds, which is shorter: Canvas
-- gives out fewer than one a microsecond. What moves them beyond that (imports bring ids of their own, SQL through
-- shoe_images takes a thousand a row) may have been lost, too; a billion is left free for it. Says whether it was
-- necessary.
create or replace function take_over_store(callers_clock bigint) returns boolean language plpgsql as $$
declare
  clock bigint := greatest(callers_clock, extract(epoch from clock_timestamp()) * 1000000);
  -- Versions begin at the creation of the store.
  age bigint := clock - (select seqstart from pg_sequence where seqrelid = 'media_version'::regclass);
begin
  perform from catalogue for update;
  if store_is_known() then
    return false;
  end if;
  perform setval('media_version', greatest(last_value, clock)) from media_version;
  -- Blocks begin at multiples of a thousand.
  perform setval('media_item_id', greatest(last_value + 1000000000, age) / 1000 * 1000) from media_item_id;
  -- What it has loaded has versions that the lost end of the load may have given to something else.
  update seed_run set state = 'abandoned'
  where state in ('loading', 'failed', 'cancelled') and first_version is not null;
  update catalogue
  set lineage = store_lineage(), versions_from = clock, settling = true,
    generation = greatest(generation, clock) + 1, redis = '';
  return true;
end
$$;
