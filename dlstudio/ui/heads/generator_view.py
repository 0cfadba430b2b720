"""What the rooms show for a model that can make new images."""

from __future__ import annotations

from dlstudio.ui.heads.head_view import MethodView

GENERATOR = MethodView(generate="dlstudio.ui.predict.generate_panel:GeneratePanel")
