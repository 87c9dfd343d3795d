"""Published vectors and tools that lie beside the project, where they are at hand."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("CERTWEAVE_SHARED", ROOT.parent / "shared")).resolve()


def shared(*parts: str) -> Path:
    """Return a path below the shared vectors, or skip the test (group ``vectors``) where they are absent."""
    path = SHARED.joinpath("vectors", *parts)
    if not path.exists():
        pytest.skip(f"vectors: {'/'.join(parts)} is not at hand (set CERTWEAVE_SHARED)")
    return path


def shared_at_collection(*parts: str) -> Path | None:
    """Return the same path for use in parametrisation, or None where it is absent."""
    path = SHARED.joinpath("vectors", *parts)
    return path if path.exists() else None


def or_skip(paths: Sequence[Path]) -> "list[Path | ParameterSet]":
    """Return ``paths`` for a parametrisation; where there are none, one case that says why it is skipped."""
    if paths:
        return list(paths)
    reason = "vectors: the published files are not at hand (set CERTWEAVE_SHARED)"
    return [pytest.param(SHARED, marks=pytest.mark.skip(reason=reason), id="absent")]
