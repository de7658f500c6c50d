-- Products 1 … :rows, each with nine items and a document of 1.2 to 1.6 kB, as the sample products have.
-- @p is the product, @n a name of 1 to 40 characters.
insert into product_media (product_id, media)
select
  p,
  replace(replace(template, '@p', p::text), '@n', substr(names, 1, 1 + (p * 7919 % 40)::int))::json
from
  generate_series(1, :rows::bigint) as products (p),
  (values (
    '[{"id":1,"type":"image","url":"/media/@p/quarter.webp","alt":"@n, three-quarter view","width":800,"height":1000,"mime":"image/webp","placeholder":"#e5e1da"}'
    ',{"id":2,"type":"image","url":"/media/@p/left.webp","alt":"@n, seen from the left","width":800,"height":1000,"mime":"image/webp","placeholder":"#d8d3cd"}'
    ',{"id":3,"type":"video","url":"/media/@p/turn.webm","alt":"@n turning once","width":400,"height":500,"poster":"/media/@p/poster.webp","mime":"video/webm"}'
    ',{"id":4,"type":"image","url":"/media/@p/right.webp","alt":"@n, from the right","width":800,"height":1000,"mime":"image/webp"}'
    ',{"id":5,"type":"image","url":"/media/@p/back.webp","alt":"Heel of @n","width":800,"height":1000,"mime":"image/webp"}'
    ',{"id":6,"type":"image","url":"/media/@p/top.webp","alt":"@n from above","width":800,"height":1000,"mime":"image/webp"}'
    ',{"id":7,"type":"image","url":"/media/@p/sole.webp","alt":"Sole of @n","width":800,"height":1000,"mime":"image/webp"}'
    ',{"id":8,"type":"image","url":"/media/@p/detail.webp","alt":"","decorative":true,"width":800,"height":1000}'
    ',{"id":9,"type":"video","url":"/media/@p/foot.webm","alt":"On foot","width":400,"height":500,"mime":"video/webm"}]',
    'Meridian Runner in coral with cream line'
  )) as texts (template, names);
vacuum (analyze) product_media;
checkpoint;
