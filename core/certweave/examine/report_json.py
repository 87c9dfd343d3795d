"""A report as JSON: the form that command, services and bundles share (docs/reference/verdicts.md)."""

from typing import Any

from certweave.examine.report import Report, Used
from certweave.timestamps import format_timestamp


def report_json(report: Report) -> dict[str, Any]:
    """Return the JSON form of ``report``: verdict, checks, notes, needs, evidence, at, policy.

    A presentation's report has ``credentials`` besides, one such object for each.
    """
    result: dict[str, Any] = {
        "verdict": report.verdict.value,
        "checks": [check.to_json() for check in report.checks],
        "notes": [note.to_json() for note in report.notes],
        "needs": [{"kind": need.kind.value, "url": need.url} for need in sorted(report.needs)],
        "evidence": [_used_json(used) for used in report.used],
        "at": format_timestamp(report.at),
        "policy": report.policy,
    }
    if report.credentials:
        result["credentials"] = [report_json(inner) for inner in report.credentials]
    return result


def _used_json(used: Used) -> dict[str, Any]:
    return {
        "kind": used.need.kind.value,
        "url": used.need.url,
        "status": used.status,
        "mediaType": used.media_type,
        "fetchedAt": format_timestamp(used.at),
        "source": used.source,
        "sha256": used.sha256,
    }
