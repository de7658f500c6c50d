"""The laboratory behind perf/read and perf/faults: servers, peers, load, figures. Python's standard library only."""
