"""The Train room: training plan, live charts, and runs."""
