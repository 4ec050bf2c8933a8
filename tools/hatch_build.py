"""Build hook: compiles the message catalogues, and puts the protocols into the package of a wheel.

An editable install finds `protocols/` where it is, in the checkout.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Contents(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before hatchling collects the files of a wheel, `version` being "standard" or "editable"."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write each `.mo` beside its `.po`, and say where the protocols go."""
        if self.target_name != "wheel":
            return
        runpy.run_path(str(Path(self.root, "tools", "catalogues.py")))["compile_all"]()
        if version == "standard":
            build_data["force_include"][str(Path(self.root, "protocols"))] = "atencion/_protocols"
