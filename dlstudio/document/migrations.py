"""Migration of older project files to the current version, step by step."""

from __future__ import annotations

from collections.abc import Callable

from dlstudio.errors import UserError
from dlstudio.i18n import _
from dlstudio.json_values import JsonObject, JsonValue

VERSION = 3


def _from_1_to_2(item: JsonObject) -> JsonObject:
    """Groups may be nested, so a layer belongs to one group only.

    The rest of version 2 is purely additional: call arguments, JSON values, operations
    and imported blocks as kinds.
    """
    graphs = item.get("graphs")
    if not isinstance(graphs, dict):
        return item
    changed = {name: _groups_as_a_tree(graph) for name, graph in graphs.items()}
    return {**item, "graphs": changed}


def _groups_as_a_tree(graph: JsonValue) -> JsonValue:
    if not isinstance(graph, dict):
        return graph
    groups = graph.get("groups")
    if not isinstance(groups, list):
        return graph
    taken: set[str] = set()
    ids: set[str] = set()
    kept = []
    for group in groups:
        if not isinstance(group, dict) or not isinstance(group.get("nodes"), list):
            return graph  # damaged: reported when it is read
        nodes = [str(node) for node in group["nodes"]]
        nodes = [node for node in dict.fromkeys(nodes) if node not in taken]
        taken.update(nodes)
        if str(group.get("id")) not in ids:
            ids.add(str(group.get("id")))
            kept.append({**group, "nodes": nodes})
    return {**graph, "groups": kept}


def _from_2_to_3(item: JsonObject) -> JsonObject:
    """What the data's columns are and what the outputs mean is said by name now.

    A project of version 2 has one image and one class, or any number of labels.
    """
    item = dict(item)
    multi = str(item.pop("task", "")).endswith("image_tagging")
    label = "categories" if multi else "category"
    head = "multi_label" if multi else "classification"
    item["inputs"] = [{"feature": "image"}]
    item["outputs"] = [
        {"feature": "label", "head": {"kind": f"dlstudio.heads.{head}", "params": {}}}
    ]
    data = item.get("data")
    if isinstance(data, dict):
        data = dict(data)
        data["features"] = {
            "image": {"kind": "dlstudio.features.image"},
            "label": {"kind": f"dlstudio.features.{label}"},
        }
        relabel = data.pop("relabel", {})
        if isinstance(relabel, dict):
            data["changed"] = {id: {"label": name} for id, name in relabel.items()}
        item["data"] = data
    return item


# From each version to the next one.
MIGRATIONS: dict[int, Callable[[JsonObject], JsonObject]] = {
    1: _from_1_to_2,
    2: _from_2_to_3,
}


def migrate(item: JsonObject) -> JsonObject:
    """The same project in the format of `VERSION`.

    Raises:
        UserError: The version is missing, or newer than this program.
    """
    version = item.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise UserError(_("The project file does not specify its version."))
    if version > VERSION:
        raise UserError(
            _(
                "The project was created by a newer version of dlstudio (file "
                "version {version})."
            ).format(version=version),
            _("Update dlstudio to open it. The file was not changed."),
        )
    while version < VERSION:
        item = MIGRATIONS[version](item)
        version += 1
    return {**item, "version": VERSION}
