#!/bin/sh
# The first service's httperf run, for Canvas: 6,000 connections of one GET each, 100 a second, open loop.
# httperf is a package of Debian. What it needs is given in the environment, as in
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
