#!/bin/sh
# Runs the first service's httperf test against Canvas: 6,000 connections with one GET each, 100 per second, as an
# open loop. httperf is a Debian package. Environment variables change the defaults:
#
#   RATE=1000 CONNECTIONS=60000 perf/httperf.sh
set -eu

exec httperf \
  --server "${HOST:-localhost}" \
  --port "${PORT:-1121}" \
  --uri "/api/images/?shoe_id=${SHOE_ID:-1}" \
  --num-conn "${CONNECTIONS:-6000}" \
  --num-call 1 \
  --timeout 5 \
  --rate "${RATE:-100}"
