"""The panels below the canvas: problems, summary table and Python script."""
