-- Products 1 … :rows, each with nine items and a document of 1.2 to 1.6 kB, as the sample products have.
-- In :file, their items, @p is the product and @n a name: here one of 1 to 40 characters.
\set template `cat :'file'`
set canvas.loading = on; -- Nobody has read them yet, so nothing has to be repaired.
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
