"""Starts what is measured: Canvas, Postgres, Redis, CouchDB's stand-in, and the peers."""
