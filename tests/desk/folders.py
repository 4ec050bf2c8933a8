"""Folders of protocols for tests: the shipped organisation, with the protocols that a test needs."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from atencion.resources import shipped_protocols


def protocols_folder(at: Path, protocols: Mapping[str, str]) -> Path:
    """A folder with these protocols and fragments, by id, each as it is written below its `id:` line."""
    at.mkdir(parents=True)
    shutil.copy(shipped_protocols() / "organisation.yaml", at)
    for name in ("regulation", "knowledge"):
        shutil.copytree(shipped_protocols() / name, at / name)
    for protocol_id, text in protocols.items():
        path = at / f"{protocol_id}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"id: {protocol_id}\n{HEAD}{text}", encoding="utf-8")
    return at


HEAD = """\
version: "1.0.0"
title: Prueba
author: nadie
"""
