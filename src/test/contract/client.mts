// A program against openapi.json with a generated client: reads, writes, meets a conflict, and deletes. The compiler
// checks it against the types that openapi-typescript makes; the argument is the address of a service that anybody may
// write to.

import createClient from "openapi-fetch";
import type { components, paths } from "./canvas.js";

const client = createClient<paths>({
  baseUrl: process.argv[2],
  querySerializer: { array: { style: "form", explode: false } }, // ?ids=1,2
});
const product = { path: { id: 900001 } };

function check(what: string, expected: unknown, found: unknown): void {
  if (JSON.stringify(expected) !== JSON.stringify(found)) {
    throw new Error(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
  }
}

const absent = await client.GET("/api/products/{id}/media", { params: product });
check("an absent product", [404, "urn:canvas:problem:product-not-found"], [absent.response.status, absent.error?.type]);

const media: components["schemas"]["Media"]["media"] = [
  { type: "image", url: "https://cdn.example/1.jpg", alt: "Left side", width: 800, height: 1000 },
];
const created = await client.PUT("/api/products/{id}/media", { params: product, body: { media } });
check("a new product", 201, created.response.status);
const version = created.data!.version;

const read = await client.GET("/api/products/{id}/media", { params: product });
check("what was written", created.data, read.data);
check("its item", "https://cdn.example/1.jpg", read.data!.media[0].url);

const batch = await client.GET("/api/products/media", { params: { query: { ids: [900001, 900002] } } });
check("one of two products", [[900001], [900002]], [
  batch.data?.found.map((each) => each.product_id),
  batch.data?.missing,
]);

const conflict = await client.PUT("/api/products/{id}/media", {
  params: { ...product, header: { "If-Match": `"${version - 1}"` } },
  body: { media: [] },
});
check("a write over another version", [412, "urn:canvas:problem:precondition-failed"], [
  conflict.response.status,
  conflict.error?.type,
]);

const gone = await client.DELETE("/api/products/{id}/media", {
  params: { ...product, header: { "If-Match": `"${version}"` } },
});
check("its end", 204, gone.response.status);
console.log("the TypeScript client: absent, created, read, refused, deleted");
