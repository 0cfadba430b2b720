"""The Data room: browse, split and clean the project's dataset."""
