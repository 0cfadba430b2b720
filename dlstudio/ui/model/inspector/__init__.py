"""What is selected on the canvas: its parameters, its help, what it gives."""
