-- The first service's table, for its own SQL: one row a product, its first seven pictures and two
-- videos. ID is the product id.
-- Where that table itself still stands, it stays until its rows are adopted.
do $migration$
begin
  if to_regclass('shoe_images') is not null then
    raise notice 'shoe_images exists and is left alone';
    return;
  end if;
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
end
$migration$;
