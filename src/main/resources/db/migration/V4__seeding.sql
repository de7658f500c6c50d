-- What tells one store from another in a Redis that several of them share: the key by which a swap of
-- the catalogue is told carries it.
alter table catalogue add column store uuid not null default gen_random_uuid();

-- While a seeder holds this lock the whole catalogue is about to be replaced: a write that was taken
-- now would be lost. Writers share the lock until they commit, so that the seeder waits for them; it
-- goes with the seeder's session. The number is this product's own.
create function media_refuse() returns trigger language plpgsql as $$
begin
  raise exception 'the catalogue is being replaced' using
    errcode = 'CV503', hint = 'Write again when the load is over.';
end
$$;
create trigger media_replaced before insert or update or delete on product_media
  for each statement when (not pg_try_advisory_xact_lock_shared(4847921123))
  execute function media_refuse();

-- The loads, and which parts of them are in: written in the transaction of each part, so that a load
-- that was killed goes on with what is missing.
create table seed_run (
  id bigint generated always as identity primary key,
  request json not null,
  state text not null default 'loading' check (state in ('loading', 'failed', 'cancelled', 'done', 'abandoned')),
  streams integer not null,
  total bigint,
  first_version bigint,
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
create table seed_chunk (
  run bigint not null references seed_run on delete cascade,
  chunk integer not null,
  loaded bigint not null,
  rejected bigint not null,
  bytes bigint not null,
  primary key (run, chunk)
);

-- The view of the first service's columns, and writing through it, as it was made before: made anew
-- where the table under it is another.
create function make_shoe_images() returns void language plpgsql as $$
begin
  create view shoe_images as
  select
    p.product_id as id,
    p.product_id as shoe_id,
    i.urls[1] as img1,
    i.urls[2] as img2,
    i.urls[3] as img3,
    i.urls[4] as img4,
    i.urls[5] as img5,
    i.urls[6] as img6,
    i.urls[7] as img7,
    v.urls[1] as vid1,
    v.urls[2] as vid2
  from product_media p
  cross join lateral (
    select array(
      select item ->> 'url'
      from json_array_elements(p.media) with ordinality as items (item, place)
      where item ->> 'type' = 'image'
      order by place
    ) as urls
  ) i
  cross join lateral (
    select array(
      select item ->> 'url'
      from json_array_elements(p.media) with ordinality as items (item, place)
      where item ->> 'type' = 'video'
      order by place
    ) as urls
  ) v
  where p.media is not null;
  create trigger shoe_images_write instead of insert or update or delete on shoe_images
    for each row execute function shoe_images_write();
end
$$;

-- Puts product_media_next in the place of product_media: its triggers, who may do what with it, the
-- view. The one before is left as product_media_old, as to delete its files may take a while.
create function swap_product_media() returns void language plpgsql as $$
declare
  statements text[];
  statement text;
begin
  lock table product_media in access exclusive mode;
  select array_agg(pg_get_triggerdef(oid) order by tgname) into statements
  from pg_trigger where tgrelid = 'product_media'::regclass and not tgisinternal;
  select statements || array_agg(
    format('grant %s on %I to %s%s', g.privilege_type, c.relname,
      case g.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end,
      case when g.is_grantable then ' with grant option' else '' end))
  into statements
  from pg_class c cross join aclexplode(c.relacl) g
  where c.oid in ('product_media'::regclass, to_regclass('shoe_images'))
    and c.relkind in ('r', 'v') and g.grantee <> c.relowner
    and (c.relname = 'product_media' or c.relkind = 'v');
  if (select relkind from pg_class where oid = to_regclass('shoe_images')) = 'v' then
    drop view shoe_images;
    statements := array['select make_shoe_images()'] || statements;
  end if;
  alter sequence media_version owned by product_media_next.version;
  alter table product_media rename to product_media_old;
  alter index if exists product_media_pkey rename to product_media_old_pkey;
  alter table product_media_next rename to product_media;
  alter index product_media_next_pkey rename to product_media_pkey;
  foreach statement in array statements loop
    execute statement;
  end loop;
end
$$;
