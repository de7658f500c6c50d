"""Load generators: wrk and pgbench as closed loops, an open loop of our own, and a loop of CouchDB bulk requests."""
