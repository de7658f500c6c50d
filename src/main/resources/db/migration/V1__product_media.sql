-- The media of a product, serialised once when they were written. json keeps the bytes as they came
-- in; jsonb does not. A deleted product stays as a tombstone (media null), so that its versions never
-- go back when it is created again.
create table product_media (
  product_id bigint primary key check (product_id between 0 and 9007199254740991),
  version bigint not null,
  media json,
  updated_at timestamptz not null default now()
);

-- Versions start at the store's creation in microseconds: a store that is created anew never repeats
-- one of its predecessor, which a browser or a cache may still hold.
do $$
begin
  execute format(
    'create sequence media_version as bigint start with %s owned by product_media.version',
    (extract(epoch from clock_timestamp()) * 1000000)::bigint);
end
$$;
alter table product_media alter column version set default nextval('media_version');

-- Item ids that the service gives out; imports and samples may use 1 to 999.
create sequence media_item_id as bigint start with 1000;

-- Counts the swaps of the whole catalogue; it is part of every cache key.
create table catalogue (
  generation bigint not null,
  only_row boolean primary key default true check (only_row)
);
insert into catalogue (generation) values (1);
