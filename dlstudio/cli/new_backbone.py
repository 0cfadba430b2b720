"""`new --backbone`, `--weights` and `--set`: what a project begins with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlstudio.cli.command_text import command_text
from dlstudio.cli.settings import with_settings
from dlstudio.cli.typed_values import split_setting
from dlstudio.errors import UserError, joined
from dlstudio.i18n import _

if TYPE_CHECKING:
    from dlstudio.catalog.backbones import Network
    from dlstudio.catalog.store import Catalog
    from dlstudio.cli.output import Output
    from dlstudio.document.backbone import BackboneConfig
    from dlstudio.document.graph import Node
    from dlstudio.document.project import Project
    from dlstudio.engine.templates.context import TemplateContext

EXAMPLE = "backbone.alpha=0.25"
LISTED = 40
"""Most layers of each kind that do not fit that are listed."""


def with_backbone(project: Project, backbone: str, weights: str) -> Project:
    """The project with another pretrained network, or other weights of it.

    Args:
        project: From a template.
        backbone: Name of the network, or of a preset of KerasHub; "" for that of the
            template.
        weights: "imagenet", "none", a file, or the folder of a preset, whose network
            is taken then; "" for those of the template.

    Raises:
        UserError: The model has no backbone, or there is no such network or file.
    """
    if not backbone and not weights:
        return project
    from dlstudio.catalog.backbones import IMAGENET, NONE
    from dlstudio.document.backbone import BackboneConfig
    from dlstudio.document.project import MODEL
    from dlstudio.document.values import FrozenMap
    from dlstudio.engine.model.preset_choice import choose_preset
    from dlstudio.engine.model.weights_path import path_sha256

    node = _backbone(project)
    params = dict(node.params)
    changed: list[Node] = []
    path = Path(weights).expanduser().absolute()
    if weights.lower() not in (IMAGENET, NONE, "") and path.is_dir():
        node, *changed = choose_preset(project.model, node, str(path), path)
        params, weights = dict(node.params), ""
        changed += _resized(project, BackboneConfig.of(params).network)
    elif backbone:
        network = _network(backbone)
        if isinstance(network, str):
            node, *changed = choose_preset(project.model, node, network, path)
            params, network = dict(node.params), BackboneConfig.of(node.params).network
        else:
            params["architecture"] = network.name
        changed += _resized(project, network)
    if weights.lower() in (IMAGENET, NONE):
        params["weights"] = weights.lower()
    elif weights:
        if not path.is_file():
            raise UserError(
                _("The weights {path} are missing.").format(path=path),
                _("Give “imagenet”, “none”, a file, or the folder of a preset."),
            )
        params |= {"weights": str(path), "weights_sha256": path_sha256(path)}
    node = replace(node, params=FrozenMap(params))
    if weights.lower() == NONE:
        node = replace(node, frozen=False)  # random features are of little use
    graph = project.model.with_nodes([*changed, node])
    return replace(project, graphs=project.graphs.set(MODEL, graph))


def with_first_settings(
    project: Project, settings: Sequence[str], catalog: Catalog, folder: Path
) -> Project:
    """The project with settings; those of a layer begin with its name.

    Args:
        project: From a template.
        settings: Each as `key=value`, such as `backbone.alpha=0.25`.
        catalog: Describes layers and plan.
        folder: Of the project.

    Raises:
        UserError: There is no such setting, or the value does not fit it.
    """
    keys = []
    for setting in settings:
        key, _text = split_setting(setting, EXAMPLE)
        layer = key.partition(".")[0]
        named = any(node.name == layer for node in project.model.nodes.values())
        keys.append(f"layers.{setting}" if named else setting)
    return with_settings(project, keys, catalog, folder)


def note_weights(project: Project, folder: Path, output: Output) -> None:
    """Say which pretrained weights a training begins with, or would miss.

    Args:
        project: As it is saved.
        folder: Of the project.
        output: Of the command.
    """
    from dlstudio.document.backbone import (
        BackboneConfig,
        images_height,
        is_pretrained,
    )
    from dlstudio.engine.model.weights_path import weights_path

    graph = project.model
    for node in filter(is_pretrained, graph.nodes.values()):
        config = BackboneConfig.of(node.params)
        height = images_height(graph, node.id)
        try:
            path = weights_path(config, height, folder)
            match = _match(config, height, path) if config.own_file else ""
        except UserError as error:
            output.note(str(error))
            continue
        text = _("{name} begins with the weights in {path}.")
        output.note(text.format(name=config.title, path=path))
        if match:
            output.note(match)


def _match(config: BackboneConfig, height: int | None, path: Path) -> str:
    """What of a file of weights fits.

    Raises:
        UserError: Nothing in it does.
    """
    from dlstudio.document.backbone import CHANNELS
    from dlstudio.engine.model.weights_match import match_text, match_weights

    side = height or config.network.size
    found = match_weights(config, (side, side, CHANNELS), path)
    return match_text(found, path, LISTED)


def note_pretrained(
    project: Project, context: TemplateContext, folder: Path, output: Output
) -> None:
    """Say how few images could begin with a pretrained network.

    Args:
        project: As it is saved, with the template that was chosen for the data.
        context: What is known of the data.
        folder: Of the project.
        output: Of the command.
    """
    from dlstudio.catalog.backbones import DEFAULT
    from dlstudio.document.backbone import is_pretrained
    from dlstudio.engine.templates.image_pretrained import (
        published_weights,
        suits_pretrained,
    )

    weights = published_weights(DEFAULT)
    begun = any(map(is_pretrained, project.model.nodes.values()))
    if begun or weights is None or not suits_pretrained(context):
        return
    output.note(
        _(
            "With so few images, a pretrained network usually does better: create the "
            "project with --template image-transfer. It begins with the ImageNet "
            "weights of {network}, about {size:.0f} MB from {address}, which only "
            "“{command}” downloads."
        ).format(
            network=DEFAULT,
            size=max(weights.megabytes, 1),
            address=weights.address,
            command=f"{command_text('train', folder)} --download",
        )
    )


def _backbone(project: Project) -> Node:
    from dlstudio.catalog.backbones import BACKBONE

    found = [n for n in project.model.nodes.values() if n.kind == BACKBONE]
    if len(found) != 1:
        raise UserError(
            _("This template has no pretrained network."),
            _("Omit --backbone and --weights, or use --template image-transfer."),
        )
    return found[0]


def _network(name: str) -> Network | str:
    """The network of `keras.applications`, or the name of a preset of KerasHub."""
    import difflib

    from dlstudio.catalog.backbones import networks

    known = {each.lower(): each for each in networks()}
    plain = name.strip().replace("_", "").lower()
    if plain in known:
        return networks()[known[plain]]
    presets, missing = _presets()
    if name.strip() in presets:
        return name.strip()
    near = difflib.get_close_matches(plain, known, n=3, cutoff=0.4)
    names = [known[each] for each in near or known]
    names += difflib.get_close_matches(name.strip().lower(), presets, n=3, cutoff=0.7)
    hint = _("Did you mean {names}?") if near else _("Use one of: {names}.")
    raise UserError(
        _("There is no network “{name}”.").format(name=name),
        joined(hint.format(names=", ".join(names)), missing),
    )


def _presets() -> tuple[tuple[str, ...], str]:
    """The presets of KerasHub, and how to get them if it is not installed."""
    from dlstudio.engine.model.hub_catalog import EXTRA, published_presets

    try:
        return tuple(published_presets()), ""
    except UserError:
        text = _("Networks of KerasHub need: {command}")
        return (), text.format(command=EXTRA)


def _resized(project: Project, network: Network) -> list[Node]:
    """The layers that resize images to the size that a network was made for."""
    from dlstudio.document.values import FrozenMap

    size = FrozenMap({"height": network.size, "width": network.size})
    return [
        replace(node, params=node.params.merge(size))
        for node in project.model.nodes.values()
        if node.kind == "keras.layers.Resizing"
    ]
