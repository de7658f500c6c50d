-- SQL that changes a row without a new version: the row gets one, or caches and browsers would keep what
-- they have. After the row, not before, because that would lock each row twice, also for the service.
create function media_changed_by_hand() returns trigger language plpgsql as $$
begin
  if current_setting('canvas.loading', true) = 'on' then
    return null;
  end if;
  if new.product_id <> old.product_id then
    insert into media_outbox (product_ids, versions, deleted)
    values (array[old.product_id], array[nextval('media_version')], array[true]);
  end if;
  if new.version <= old.version then
    update product_media set version = nextval('media_version'), updated_at = now()
    where product_id = new.product_id;
  end if;
  return null;
end
$$;
create trigger media_changed_by_hand after update on product_media
  for each row when (new.version <= old.version or new.product_id <> old.product_id)
  execute function media_changed_by_hand();

-- All products are gone, and nothing says which there were: every cache starts anew.
create function media_truncated() returns trigger language plpgsql as $$
begin
  update catalogue
  set generation = generation + 1, redis = case when redis is not null then '' end;
  return null;
end
$$;
create trigger media_truncated after truncate on product_media
  for each statement execute function media_truncated();
