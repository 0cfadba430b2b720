"""Registration on macOS, which is not possible without an application bundle."""

from __future__ import annotations

from dlstudio.engine.file_types.registration import Registration
from dlstudio.errors import UserError
from dlstudio.i18n import _


class MacFileTypes:
    """Nothing is registered: macOS offers only applications in a bundle."""

    def state(self) -> Registration:
        """Return that nothing is registered."""
        return Registration(registered=False)

    def register(self) -> Registration:
        """Explain what to do instead.

        Raises:
            UserError: Always.
        """
        raise UserError(
            _(
                "macOS opens files only with applications in a bundle, and this "
                "installation of dlstudio is a Python package."
            ),
            _("Drop the file onto the window, or run: dlstudio gui FILE"),
        )

    def remove(self) -> Registration:
        """Return that nothing is registered."""
        return self.state()
