"""The command lines of perf/read, perf/write, perf/bulk, perf/faults, perf/seed, perf/index and perf/pressure."""
