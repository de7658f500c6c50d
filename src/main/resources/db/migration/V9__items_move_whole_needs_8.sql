-- Writing through the view keeps what this release does not know of an item, and moves items with their URLs: where a
-- slot gets the URL of an item whose own slot is changed too, that item goes there with all that it has. Any other new
-- URL is another file of the item in its slot, which keeps its id and loses what described the old file. Otherwise the
-- function is as it was.
create or replace function shoe_images_write() returns trigger language plpgsql as $$
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
    select item, place, item ->> 'type' as type, item ->> 'url' as url,
      row_number() over (partition by item ->> 'type' order by place) as slot
    from json_array_elements(coalesce(items, '[]')) with ordinality as e (item, place)
  ),
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
  -- A slot that the statement leaves as it found it is as it is by now: another may have written it.
  slots as (
    select type, slot, t.item, t.place, t.url as before, n.url as after,
      coalesce(n.changed and n.url is distinct from t.url, false) as changed
    from there t full join named n using (type, slot)
  ),
  leaving as (
    select type, slot, item, before as url, row_number() over (partition by type, before order by slot) as nth
    from slots
    where changed and item is not null
  ),
  arriving as (
    select type, slot, after as url, row_number() over (partition by type, after order by slot) as nth
    from slots
    where changed and after <> ''
  ),
  moved as (
    select type, a.slot, l.slot as origin, l.item
    from arriving a join leaving l using (type, url, nth)
  ),
  result as (
    select s.type, s.slot, s.after as url, s.changed and m.slot is null as fresh,
      coalesce(s.place, (select max(place) from there o where o.type = s.type), 'infinity'::float8) as place,
      case when not s.changed then s.item::text
      when m.slot is not null then m.item::text
      else '{"id":'
        || coalesce(
          case when gone.slot is null then s.item ->> 'id' end,
          (item_id + row_number() over (order by s.type, s.slot) - 1)::text)
        || ',"type":"' || s.type || '","url":' || to_json(s.after)
        || coalesce(
          (select string_agg(',' || to_json(key) || ':' || value, '' order by nth)
            from json_each(case when gone.slot is null then s.item end) with ordinality as a (key, value, nth)
            where key not in ('id', 'type', 'url', 'width', 'height', 'mime', 'poster', 'focal', 'placeholder')),
          '')
        || '}'
      end as item
    from slots s
      left join moved m on m.type = s.type and m.slot = s.slot
      left join moved gone on gone.type = s.type and gone.origin = s.slot
    where case when s.changed then s.after <> '' else s.item is not null end
  )
  select
    ('[' || coalesce(string_agg(item, ',' order by place, type, slot), '') || ']')::json,
    min(url) filter (
      where fresh
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
