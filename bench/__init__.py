"""Benchmarks that anyone can run: `make bench`. Figures go into RESULTS.md with machine, date and command."""
