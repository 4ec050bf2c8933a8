"""Build hook: compiles the message catalogues, so that every wheel and every editable install carries them."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogues(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before hatchling collects the files of a wheel (also of an editable one)."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write each `.mo` beside its `.po`."""
        if self.target_name == "wheel":
            tool = runpy.run_path(str(Path(self.root, "tools", "catalogues.py")))
            tool["compile_all"]()
