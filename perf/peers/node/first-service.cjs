// The first service of 2019 as it was meant: Express, pg-promise, and Redis as an LRU cache with entries of one hour,
// which no write invalidates. Two workers, because the machine has two cores, and NODE_ENV=production.
//
// It does: GET from Redis or one select of the table with the index that it lacked at first, JSON.parse and res.json;
// POST as one insert. Its own POST lost the URLs; this one keeps them.
// It does not: validate, replace a product that exists, invalidate, answer 304, compress, count requests.
const cluster = require("cluster");
const express = require("express");
const pgPromise = require("pg-promise");
const redis = require("redis");

const { PORT, REDIS_PORT, REDIS_DATABASE, POSTGRES_URI } = process.env;
const WORKERS = 2;
const CONNECTIONS = 20;
const HOUR = 3600;
const IMAGES = ["img1", "img2", "img3", "img4", "img5", "img6", "img7"];
const VIDEOS = ["vid1", "vid2"];
const SELECT = "select * from first_service.shoe_images where shoe_id = $1";
const INSERT =
  "insert into first_service.shoe_images (shoe_id, img1, img2, img3, img4, img5, img6, img7, vid1, vid2)" +
  " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

if (cluster.isMaster) {
  for (let i = 0; i < WORKERS; i++) {
    cluster.fork();
  }
  process.on("SIGTERM", () => process.exit(0));
} else {
  const client = redis.createClient({ host: "127.0.0.1", port: Number(REDIS_PORT), db: Number(REDIS_DATABASE) });
  const db = pgPromise()({ connectionString: POSTGRES_URI, max: CONNECTIONS });
  const app = express();
  app.use(express.json());

  app.get("/api/images", (req, res) => {
    const id = Number(req.query.shoe_id);
    client.get(`shoe:${id}`, (err, cached) => {
      if (err) {
        res.status(500).end();
      } else if (cached !== null) {
        res.json({ shoe_id: id, source: "cache", ...JSON.parse(cached) });
      } else {
        db.any(SELECT, [id])
          .then((rows) => {
            if (rows.length === 0) {
              res.status(404).end();
              return;
            }
            const row = rows[0];
            const found = {
              data: IMAGES.map((slot) => row[slot]).filter(Boolean),
              videos: VIDEOS.map((slot) => row[slot]).filter(Boolean),
            };
            client.setex(`shoe:${id}`, HOUR, JSON.stringify(found));
            res.json({ shoe_id: id, source: "database", ...found });
          })
          .catch(() => res.status(500).end());
      }
    });
  });

  app.post("/api/images", (req, res) => {
    const shoe = req.body;
    db.none(INSERT, [shoe.shoe_id, ...[...IMAGES, ...VIDEOS].map((slot) => shoe[slot] ?? null)])
      .then(() => res.status(201).json({ shoe_id: shoe.shoe_id }))
      .catch(() => res.status(500).end());
  });

  app.listen(Number(PORT), "127.0.0.1");
}
