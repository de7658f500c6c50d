"""The laboratory behind perf/read: servers, peers, load, figures. Python's standard library only."""
