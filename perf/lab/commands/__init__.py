"""The command lines of perf/read, perf/write, perf/bulk, perf/faults, perf/seed and perf/index."""
