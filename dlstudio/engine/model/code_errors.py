"""What is said where a block needs code that is missing or not trusted."""

from __future__ import annotations

from dlstudio.engine.custom_code.code_scope import CodeScope
from dlstudio.errors import UserError, joined
from dlstudio.i18n import _


def untrusted_code(name: str) -> UserError:
    """The error of a layer with code inside.

    Args:
        name: Of its class.
    """
    text = _("This block contains custom code ({name}).").format(name=name)
    if name not in ("Lambda", "__lambda__"):
        return UserError(text, _("It is kept in the project, but never run."))
    return UserError(text, joined(_("It is kept, and was not run."), how_to_trust()))


def missing_class(name: str, code: CodeScope) -> UserError:
    """The error of a class that neither Keras nor trusted code has.

    Args:
        name: Of the class.
        code: What may be run.
    """
    text = _("This block needs the class {name}, which is not available.").format(
        name=name
    )
    for problem in code.problems:
        return UserError(joined(text, problem.message), problem.hint)
    if code.untrusted:
        files = ", ".join(each.name for each in code.untrusted)
        return UserError(
            joined(
                text,
                _(
                    "The code in {files} has not been run because you have not "
                    "trusted it."
                ).format(files=files),
            ),
            how_to_trust(),
        )
    return UserError(
        text,
        _(
            "It is kept in the project; everything else works. To run it, add the "
            "Python file that defines it: “dlstudio trust PROJECT --code FILE”, or "
            "“Trust code…” in the window."
        ),
    )


def how_to_trust() -> str:
    """What lets code of a project run."""
    return _(
        "If you trust where it comes from, run “dlstudio trust PROJECT”, or choose "
        "“Trust code…” in the window."
    )
