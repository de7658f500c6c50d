"""
The lab behind the commands in perf/. Python's standard library only.

The folders depend on each other only downwards: commands, scenarios, report, measuring, generators, servers, harness.
"""
