"""The door of the case engine."""

from tinhso.kernel.cases.engine.context import Context
from tinhso.kernel.cases.engine.definition import BUILTIN_EFFECTS, Family
from tinhso.kernel.cases.engine.history import Act, History, Paid, Written
from tinhso.kernel.cases.engine.state import CaseState
from tinhso.kernel.cases.families import EntryPoints, declare_family, entry_points
from tinhso.kernel.cases.operations.alarms import tick
from tinhso.kernel.cases.operations.drafts import attach_to_draft, detach_from_draft, discard_draft, save_draft
from tinhso.kernel.cases.operations.filing import file_case
from tinhso.kernel.cases.operations.histories import write_histories
from tinhso.kernel.cases.operations.looking import case_view, glance
from tinhso.kernel.cases.operations.moving import perform
from tinhso.kernel.cases.operations.packs import load_packs
from tinhso.kernel.cases.operations.papers import attach, check_paper, correct
from tinhso.kernel.cases.operations.sequences import next_number
from tinhso.kernel.cases.queries.drafts import draft, draft_given, drafts
from tinhso.kernel.cases.queries.inside import (
    brief_of,
    opinions_of,
    papers_of,
    result_rule_of,
    type_version,
)
from tinhso.kernel.cases.queries.lists import work_list, work_lists
from tinhso.kernel.cases.queries.packs import (
    assess_preview,
    case_type,
    case_types,
    check_pack,
    condition_fields,
    due_preview,
    fee_preview,
    papers_asked,
    process_drawing,
    validate_page,
    visible_fields,
)
from tinhso.kernel.cases.queries.people import (
    case_key,
    case_row,
    codes_of,
    file_of_case,
    find,
    my_cases,
    my_results,
    public_status,
)
from tinhso.kernel.cases.queries.views import results_of
from tinhso.kernel.cases.queries.visibility import visible_to
from tinhso.kernel.cases.types import Effect

__all__ = [
    "BUILTIN_EFFECTS",
    "Act",
    "CaseState",
    "Context",
    "Effect",
    "EntryPoints",
    "Family",
    "History",
    "Paid",
    "Written",
    "assess_preview",
    "attach",
    "attach_to_draft",
    "brief_of",
    "case_key",
    "case_row",
    "case_type",
    "case_types",
    "case_view",
    "check_pack",
    "check_paper",
    "codes_of",
    "condition_fields",
    "correct",
    "declare_family",
    "detach_from_draft",
    "discard_draft",
    "draft",
    "draft_given",
    "drafts",
    "due_preview",
    "entry_points",
    "fee_preview",
    "file_case",
    "file_of_case",
    "find",
    "glance",
    "load_packs",
    "my_cases",
    "my_results",
    "next_number",
    "opinions_of",
    "papers_asked",
    "papers_of",
    "perform",
    "process_drawing",
    "public_status",
    "result_rule_of",
    "results_of",
    "save_draft",
    "tick",
    "type_version",
    "validate_page",
    "visible_fields",
    "visible_to",
    "work_list",
    "work_lists",
    "write_histories",
]
