"""Problems in the words of the command line."""

from django.utils import translation

from tinhso.lib.problems import Problem
from tinhso.ui import words


def said(problem: Problem) -> str:
    """What happened, why, and what to do, in English like all of the command line; with the code, to look it up."""
    with translation.override("en"):
        told = words.problem(problem.code, problem.params, problem.status)
    return " ".join(part for part in told if part) + f" [{problem}]"
