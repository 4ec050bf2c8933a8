"""Which stage stands in the middle: that of the current step, or a tool. Each is imported when it is first needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from atencion.screens.call.snapshot import Snapshot
    from atencion.screens.call.stage import Stage

TOOL_OF = {"identify": "lookup", "knowledge": "knowledge", "escalate": "escalate"}
"""The tool that a kind of step is, opened by itself."""


def stage_for(snapshot: Snapshot) -> Stage:
    """The stage of the current step."""
    step = snapshot.step
    match step.kind if step is not None else "wrap_up":
        case "identify":
            from atencion.screens.call.lookup_stage import LookupStage

            return LookupStage(snapshot)
        case "knowledge":
            from atencion.screens.call.knowledge_stage import KnowledgeStage

            return KnowledgeStage(snapshot)
        case "resolve":
            from atencion.screens.call.resolve_stage import ResolveStage

            return ResolveStage(snapshot)
        case "escalate":
            from atencion.screens.call.escalate_stage import EscalateStage

            return EscalateStage(snapshot)
        case "wrap_up":
            from atencion.screens.call.wrap_up_stage import WrapUpStage

            return WrapUpStage(snapshot)
    if step is not None and step.manners.written and step.words:
        from atencion.screens.call.compose_stage import ComposeStage

        return ComposeStage(snapshot)
    from atencion.screens.call.script_stage import ScriptStage

    return ScriptStage(snapshot)


def tool_named(name: str, snapshot: Snapshot, searched: str = "") -> Stage:
    """A tool, by the name its key gives it, over a stage where this was `searched` for."""
    tool = _tool(name, snapshot, searched)
    tool.opened_as = name
    return tool


def _tool(name: str, snapshot: Snapshot, searched: str) -> Stage:
    match name:
        case "lookup":
            from atencion.screens.call.lookup_stage import LookupStage

            return LookupStage(snapshot, tool=True)
        case "knowledge":
            from atencion.screens.call.knowledge_stage import KnowledgeStage

            return KnowledgeStage(snapshot, tool=True)
        case "escalate":
            from atencion.screens.call.escalate_stage import EscalateStage

            return EscalateStage(snapshot, tool=True)
        case "exception":
            from atencion.screens.call.exception_stage import ExceptionStage

            return ExceptionStage(snapshot)
        case "customer":
            from atencion.screens.call.customer_stage import CustomerStage

            return CustomerStage(snapshot, searched)
        case "file":
            from atencion.screens.call.file_stage import FileStage

            return FileStage(snapshot)
        case "skip" | "cut_off":
            from atencion.screens.call.reason_stage import CutOffStage, SkipStage

            return SkipStage(snapshot) if name == "skip" else CutOffStage(snapshot)
    from atencion.screens.call.notes_stage import NotesStage

    return NotesStage(snapshot)
