"""The Train room: the plan, live curves, and the runs."""
