// Runs the first service's k6 test against Canvas:
//
//   k6_type=GET k6 run --vus 50 -d 600s --throw --rps 1000 perf/k6.js
//
// k6_type is GET (the default) or POST. k6_url is the service (http://localhost:1121 by default). Products are
// random ones of 10,000,000, or of as many as k6_products says: load them first. POST overwrites them.
//
// k6 is not in the package registries that this project is built from, so this file has never been run with k6 itself.
import http from "k6/http";
import { check } from "k6";

const type = __ENV.k6_type || "GET";
const url = __ENV.k6_url || "http://localhost:1121";
const PRODUCTS = Number(__ENV.k6_products || 10000000);

if (type !== "GET" && type !== "POST") {
  throw new Error(`k6_type is '${type}': expected GET or POST`);
}

function read(id) {
  // One name for all IDs; otherwise k6 would keep figures for each URL.
  const response = http.get(`${url}/api/images?shoe_id=${id}`, { tags: { name: "/api/images" } });
  check(response, { "status is 200": (response) => response.status === 200 });
}

function write(id) {
  const shoe = { shoe_id: id };
  for (let slot = 1; slot <= 7; slot++) {
    shoe[`img${slot}`] = `https://images.example/${id}/${slot}.jpg`;
  }
  shoe.vid1 = `https://images.example/${id}/1.mp4`;
  const response = http.post(`${url}/api/images`, JSON.stringify(shoe), {
    headers: { "Content-Type": "application/json" },
    tags: { name: "/api/images" },
  });
  check(response, { "status is 201": (response) => response.status === 201 });
}

export default function () {
  const id = 1 + Math.floor(Math.random() * PRODUCTS);
  if (type === "GET") {
    read(id);
  } else {
    write(id);
  }
}
