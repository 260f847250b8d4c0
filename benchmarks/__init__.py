"""What `make bench` measures: ratios within one run, never a timed test."""
