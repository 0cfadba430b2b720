"""Which blocks of a backbone are trained, as edits and in words."""

from __future__ import annotations

from dlstudio.document.backbone import BackboneConfig
from dlstudio.document.edits.base import CompositeEdit
from dlstudio.document.edits.nodes import SetFrozen
from dlstudio.document.edits.params import ResetParam, SetParam
from dlstudio.document.graph import Node
from dlstudio.document.project import MODEL
from dlstudio.i18n import _

PARAM = "trainable_from"


def freeze_backbone(node: Node, graph: str = MODEL) -> CompositeEdit:
    """Train none of its layers."""
    return CompositeEdit((SetFrozen((node.id,), True, graph),))


def thaw_backbone(node: Node, block: str = "", graph: str = MODEL) -> CompositeEdit:
    """Train its layers from a block on; "" for all.

    Args:
        node: The backbone.
        block: Name of the block.
        graph: Name of the node's graph.
    """
    thawed = SetFrozen((node.id,), False, graph)
    if block:
        return CompositeEdit((thawed, SetParam(node.id, PARAM, block, graph)))
    if node.params.get(PARAM) is None:
        return CompositeEdit((thawed,))
    return CompositeEdit((thawed, ResetParam(node.id, PARAM, graph)))


def thawed_text(node: Node) -> str:
    """What of a backbone is trained, in a few words; "" if it is all."""
    if node.frozen:
        return _("frozen")
    block = BackboneConfig.of(node.params).trainable_from.strip()
    return _("trained from {block}").format(block=block) if block else ""
