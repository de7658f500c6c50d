-- Which store this is, however much its rows are those of another: one that was restored from a backup or a dump, or
-- a standby that was promoted. As long as it differs from what the row has, nobody may use the store: versions and
-- item ids would be given again, and caches hold what this store never had, or has lost.
--   lineage        what store_lineage() was when the store was taken over; null: never
--   versions_from  the version that it started at then
--   written_by     the transaction that wrote this row: a row that was loaded from a dump has another
--   settling       whether some node may still serve from caches what was before
alter table catalogue
  add column lineage text,
  add column versions_from bigint not null default 0,
  add column written_by xid,
  add column settling boolean not null default false;

-- The system identifier is that of the cluster, the timeline changes with each promotion and each recovery to a point
-- in time, the numbers with each dump that is loaded. What a managed server keeps to itself is left out.
create function store_lineage() returns text language plpgsql stable as $$
declare
  system text := '?';
  timeline text := '?';
begin
  begin
    select system_identifier::text into system from pg_control_system();
  exception when others then
    null;
  end;
  begin
    timeline := substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8);
  exception when others then
    null;
  end;
  return format('system %s, timeline %s, database %s, table %s', system, timeline,
    (select oid from pg_database where datname = current_database()), 'catalogue'::regclass::oid);
end
$$;

create function store_is_known() returns boolean language plpgsql stable as $$
begin
  return coalesce(
    (select lineage = store_lineage() and written_by = xmin
       and versions_from <= (select last_value from media_version)
     from catalogue),
    false);
end
$$;

create function catalogue_written() returns trigger language plpgsql as $$
begin
  if new.lineage is distinct from old.lineage or store_is_known() then
    new.written_by := pg_current_xact_id()::xid;
  end if;
  -- A Redis is named, or none, only when no node can trust the one before.
  new.settling := new.settling and coalesce(new.redis = '', false);
  return new;
end
$$;
create trigger catalogue_written before update on catalogue
  for each row execute function catalogue_written();

-- Takes over a store that is not known: versions, item ids and the generation go on above whatever was there before,
-- as they are given out more slowly than the clock counts microseconds. The caller tells its own clock, or a
-- generation that it has seen if that is more. Says whether it was necessary.
create function take_over_store(callers_clock bigint) returns boolean language plpgsql as $$
declare
  clock bigint := greatest(callers_clock, extract(epoch from clock_timestamp()) * 1000000);
begin
  perform from catalogue for update;
  if store_is_known() then
    return false;
  end if;
  perform setval('media_version', greatest(last_value, clock)) from media_version;
  perform setval('media_item_id', greatest(last_value, clock / 1000 * 1000)) from media_item_id;
  -- What it has loaded has versions that the lost end of the load may have given to something else.
  update seed_run set state = 'abandoned'
  where state in ('loading', 'failed', 'cancelled') and first_version is not null;
  update catalogue
  set lineage = store_lineage(), versions_from = clock, settling = true,
    generation = greatest(generation, clock) + 1, redis = '';
  return true;
end
$$;

create function media_not_taken_over() returns trigger language plpgsql as $$
begin
  raise exception 'the database was restored or promoted, and Canvas has not taken it over yet' using
    errcode = 'CV504', hint = 'Canvas does so within a second as soon as it runs.';
end
$$;
-- A session looks again only when the row is another: the rest cannot change under a session that has written.
create function store_is_writable() returns boolean language plpgsql as $$
declare
  seen text := (select format('%s %s', tableoid, xmin) from catalogue where not settling);
begin
  if seen = current_setting('canvas.known_store', true) then
    return true;
  end if;
  if seen is null or not store_is_known() then
    return false;
  end if;
  perform set_config('canvas.known_store', seen, false);
  return true;
end
$$;
create trigger media_not_taken_over before insert or update or delete on product_media
  for each statement when (not store_is_writable())
  execute function media_not_taken_over();

-- A store that was created just now is known; one from before this migration may be a restored one.
update catalogue
set lineage = store_lineage(), versions_from = (select last_value from media_version)
where generation = 1 and not exists (select from product_media)
  and not (select is_called from media_version);
