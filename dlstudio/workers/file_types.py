"""Jobs that register the studio with the system's file manager."""

from __future__ import annotations

from dlstudio.workers.jobs import JobContext


def is_registered(_context: JobContext) -> bool:
    """Return whether the file manager opens Keras models with the window."""
    from dlstudio.engine.file_types.system import system_file_types

    return system_file_types().state().registered


def set_registered(_context: JobContext, on: bool) -> bool:
    """Register the studio, or remove the registration; return the new state.

    Raises:
        UserError: The system does not support it, or something cannot be written.
    """
    from dlstudio.engine.file_types.system import system_file_types

    types = system_file_types()
    return (types.register() if on else types.remove()).registered
