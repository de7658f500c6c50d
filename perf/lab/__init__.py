"""The laboratory behind perf/read, perf/write and perf/faults: servers, peers, load, figures. Python's standard library only."""
