"""Measurements, run by hand: `python -m tests.benchmarks.NAME`; nothing here is asserted in a test."""
