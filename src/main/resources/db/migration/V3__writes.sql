-- Writes take item ids in blocks: each value of the sequence is the first of a thousand.
alter sequence media_item_id increment by 1000;

-- What has been committed and may still be old in a cache: written in the transaction of the change,
-- whoever makes it, and deleted by the relay once the caches are repaired and the change is told. A
-- statement's changes are in one row, or in several of 256: each is a place in the three arrays.
create table media_outbox (
  id bigint generated always as identity primary key,
  product_ids bigint[] not null,
  versions bigint[] not null,
  deleted boolean[] not null,
  changed_at timestamptz not null default now()
);
-- A queue: rows come and go all the time. None is larger than a page, and none is worth compressing.
alter table media_outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
alter table media_outbox
  alter column product_ids set storage plain,
  alter column versions set storage plain,
  alter column deleted set storage plain;

-- A loader whose rows nobody has read yet sets canvas.loading to on: there is nothing to repair.
create function media_changed() returns trigger language plpgsql as $$
begin
  if current_setting('canvas.loading', true) = 'on' then
    return null;
  end if;
  if tg_op = 'DELETE' then
    insert into media_outbox (product_ids, versions, deleted)
    select array_agg(product_id), array_agg(nextval('media_version')), array_agg(true)
    from (select product_id, (row_number() over () - 1) / 256 as part from changed) parts
    group by part;
  else
    insert into media_outbox (product_ids, versions, deleted)
    select array_agg(product_id), array_agg(version), array_agg(media is null)
    from (select product_id, version, media, (row_number() over () - 1) / 256 as part from changed) parts
    group by part;
  end if;
  return null;
end
$$;
create trigger media_inserted after insert on product_media
  referencing new table as changed for each statement execute function media_changed();
create trigger media_updated after update on product_media
  referencing new table as changed for each statement execute function media_changed();
create trigger media_deleted after delete on product_media
  referencing old table as changed for each statement execute function media_changed();

-- Writing through the view, as the first service's own SQL does: imgN is the N-th picture, vidN the
-- N-th video. A slot that keeps its URL keeps its item; one whose URL changes keeps id, texts and
-- variants; an empty one, as good as null, has its item removed. Items beyond the nine slots stay, and
-- so does the order: what is new follows the last of its type, or all, if there is none of its type.
create function shoe_images_write() returns trigger language plpgsql as $$
declare
  items json;
  written json;
  item_id bigint;
  wrong text;
begin
  if tg_op = 'DELETE' then
    update product_media
    set media = null, version = nextval('media_version'), updated_at = now()
    where product_id = old.shoe_id and media is not null;
    -- Another may have deleted it meanwhile: then this deletes no row, and says so.
    if not found then
      return null;
    end if;
    return old;
  end if;
  new.shoe_id := coalesce(new.shoe_id, new.id);
  if new.shoe_id is null then
    raise exception 'shoe_images: shoe_id is null, expected the number of a product'
      using errcode = 'not_null_violation';
  end if;
  if tg_op = 'UPDATE' then
    if new.shoe_id <> old.shoe_id or new.id <> old.id then
      raise exception 'shoe_images: id and shoe_id are the product and cannot change'
        using errcode = 'feature_not_supported', hint = 'Delete the row and insert another.';
    end if;
    -- What is locked may be newer than what the statement has read.
    select media into items from product_media where product_id = old.shoe_id for update;
    if items is null then
      return null;
    end if;
  end if;
  item_id := nextval('media_item_id');

  with there as (
    select item, place, item ->> 'type' as type, row_number() over (partition by item ->> 'type' order by place) as slot
    from json_array_elements(coalesce(items, '[]')) with ordinality as e (item, place)
  ),
  -- A slot that the statement leaves as it found it is as it is by now: another may have written it.
  named as (
    select 'image' as type, slot, url, url is distinct from before as changed
    from unnest(
        array[new.img1, new.img2, new.img3, new.img4, new.img5, new.img6, new.img7],
        array[old.img1, old.img2, old.img3, old.img4, old.img5, old.img6, old.img7]
      ) with ordinality as u (url, before, slot)
    union all
    select 'video', slot, url, url is distinct from before
    from unnest(array[new.vid1, new.vid2], array[old.vid1, old.vid2]) with ordinality as u (url, before, slot)
  ),
  result as (
    select type, slot, n.changed, n.url,
      coalesce(t.place, (select max(place) from there o where o.type = n.type), 'infinity'::float8) as place,
      case when n.changed is not true or t.item ->> 'url' = n.url then t.item::text
      else '{"id":' || coalesce(t.item ->> 'id', (item_id + row_number() over (order by type, slot) - 1)::text)
        || ',"type":"' || type || '","url":' || to_json(n.url)
        || coalesce(',"alt":' || (t.item -> 'alt')::text, '')
        || coalesce(',"decorative":' || (t.item -> 'decorative')::text, '')
        || coalesce(',"variants":' || (t.item -> 'variants')::text, '') || '}'
      end as item
    from there t full join named n using (type, slot)
    where case when n.changed then n.url <> '' else t.item is not null end
  )
  select
    ('[' || coalesce(string_agg(item, ',' order by place, type, slot), '') || ']')::json,
    min(url) filter (
      where changed
        and (url !~ '^(https?://[^/?#@]+([/?#]|$)|/([^/]|$))' or url ~ '[\s[:cntrl:]\\]' or length(url) > 2048)
    )
  into written, wrong
  from result;
  if wrong is not null then
    raise exception 'shoe_images: % is not a URL: expected http, https or a path on the site', quote_literal(wrong)
      using errcode = 'check_violation';
  end if;
  if json_array_length(written) > 50 then
    raise exception 'shoe_images: product % would have % items, expected at most 50',
      new.shoe_id, json_array_length(written) using errcode = 'check_violation';
  end if;

  if tg_op = 'UPDATE' then
    update product_media
    set media = written, version = nextval('media_version'), updated_at = now()
    where product_id = new.shoe_id;
  else
    insert into product_media as p (product_id, version, media)
    values (new.shoe_id, nextval('media_version'), written)
    on conflict (product_id) do update
    set media = excluded.media, version = nextval('media_version'), updated_at = now()
    where p.media is null;
    if not found then
      raise exception 'shoe_images: product % is there already', new.shoe_id using errcode = 'unique_violation';
    end if;
  end if;
  -- For RETURNING: the row as it is, not as it was asked for.
  select s.* into new from shoe_images s where s.shoe_id = new.shoe_id;
  return new;
end
$$;

do $migration$
begin
  -- Where the first service's table itself still stands there is no view yet.
  if (select relkind from pg_class where oid = to_regclass('shoe_images')) = 'v' then
    create trigger shoe_images_write instead of insert or update or delete on shoe_images
      for each row execute function shoe_images_write();
  end if;
end
$migration$;
