"""`doctor`: report on this machine."""

from __future__ import annotations

from dlstudio.byte_size import size_text
from dlstudio.cli.options import JsonOption
from dlstudio.cli.output import Output
from dlstudio.i18n import _


def doctor(as_json: JsonOption = False) -> None:
    """Report versions, GPUs, Qt and disk space of this machine."""
    from dlstudio.engine.runtime.doctor import examine

    output = Output(as_json)
    with output.waiting(_("Checking the system…")):
        found = examine()
    if as_json:
        output.json(found.to_json())
        return
    missing = _("not installed")
    works = _("working") if found.tensorflow_works else _("not working")
    gpus = found.gpus
    rows = [
        ("dlstudio", found.dlstudio),
        ("Python", found.python),
        (_("System"), found.system),
        *((name, version or missing) for name, version in found.packages.items()),
        ("TensorFlow", works),
        (_("GPUs found"), "; ".join(gpus.found) or _("none")),
        (_("GPUs used"), "; ".join(gpus.used) or _("none")),
        (_("Window (Qt)"), _("installed") if found.qt else missing),
        (_("CPU cores"), str(found.cores)),
        (
            _("Memory"),
            _("{free} of {total} free").format(
                free=size_text(found.memory_free_bytes),
                total=size_text(found.memory_bytes),
            ),
        ),
        (_("Disk"), _("{free} free").format(free=size_text(found.disk_free_bytes))),
        (_("Cache"), f"{found.cache_folder} ({size_text(found.cache_bytes)})"),
    ]
    output.table((_("Item"), _("Found")), rows)
    for line in (found.problem, *gpus.reasons, *found.advice):
        if line:
            output.text(line)
