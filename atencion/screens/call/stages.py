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
    from atencion.screens.call.compose_stage import ComposeStage
    from atencion.screens.call.escalate_stage import EscalateStage
    from atencion.screens.call.knowledge_stage import KnowledgeStage
    from atencion.screens.call.lookup_stage import LookupStage
    from atencion.screens.call.resolve_stage import ResolveStage
    from atencion.screens.call.script_stage import ScriptStage
    from atencion.screens.call.wrap_up_stage import WrapUpStage

    stages: dict[str, type[Stage]] = {
        "identify": LookupStage,
        "knowledge": KnowledgeStage,
        "resolve": ResolveStage,
        "escalate": EscalateStage,
        "wrap_up": WrapUpStage,
    }
    step = snapshot.step
    kind = step.kind if step is not None else "wrap_up"
    writes = step is not None and step.manners.written and bool(step.words)
    return stages.get(kind, ComposeStage if writes else ScriptStage)(snapshot)


def tool_named(name: str, snapshot: Snapshot) -> Stage:
    """A tool, by the name its key gives it."""
    from atencion.screens.call.escalate_stage import EscalateStage
    from atencion.screens.call.knowledge_stage import KnowledgeStage
    from atencion.screens.call.lookup_stage import LookupStage
    from atencion.screens.call.notes_stage import NotesStage
    from atencion.screens.call.reason_stage import CutOffStage, SkipStage

    tool: Stage
    match name:
        case "lookup":
            tool = LookupStage(snapshot, tool=True)
        case "knowledge":
            tool = KnowledgeStage(snapshot, tool=True)
        case "escalate":
            tool = EscalateStage(snapshot, tool=True)
        case "skip":
            tool = SkipStage(snapshot)
        case "cut_off":
            tool = CutOffStage(snapshot)
        case _:
            tool = NotesStage(snapshot)
    tool.opened_as = name
    return tool
