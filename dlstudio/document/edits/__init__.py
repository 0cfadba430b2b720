"""What a user can do to a project: each edit takes a project and gives the next."""
