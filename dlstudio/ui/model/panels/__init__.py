"""What is below the canvas: problems, the summary table, the Python script."""
