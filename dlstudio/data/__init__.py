"""From files to batches: sources, scan, splits, the prepared cache, pipelines."""
