-- Generates products 1 … :rows. Each has nine items and a document of 1.2 to 1.6 kB, as the sample products have.
-- :file is the template of the items, in which @p stands for the product ID and @n for a name of 1 to 40 characters.
\set template `cat :'file'`
set canvas.loading = on; -- Nothing is cached yet, so the outbox is not needed.
insert into product_media (product_id, media)
select
  p,
  replace(replace(template, '@p', p::text), '@n', substr(names, 1, 1 + (p * 7919 % 40)::int))::json
from
  generate_series(1, :rows::bigint) as products (p),
  (values (
    replace(:'template', E'\n', ''),
    'Meridian Runner in coral with cream line'
  )) as texts (template, names);
vacuum (analyze) product_media;
checkpoint;
