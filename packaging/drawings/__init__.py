"""The images of the glossary, each drawn by a function that bears its name."""
