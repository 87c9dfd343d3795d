"""``certweave demo --offline-samples DIR``: seven certificates on disk with the answer to each.

It runs offline and in one process: no service is started, and nothing outside DIR is touched. A directory
that an earlier run made is made anew; any other that exists is left alone.
"""

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from certweave.examine.examine import examine
from certweave.examine.report import Report
from certweave.limits import DEFAULT_LIMITS
from certweave_app.cli.frame import CommandError, Exit, MisuseError
from certweave_app.demo.offline_world import Scene, World, make_world
from certweave_edge import clock
from certweave_edge.contexts import load_context_store
from certweave_edge.evidence_dir import save_evidence
from certweave_edge.files import PUBLIC_FILE, make_directory, write_file

MARKER = "made-by-certweave-demo"
"""A directory with this file may be made anew; any other is left alone."""


def make_samples(directory: Path) -> int:
    """Make the world, write it, and say what each certificate is worth.

    Raises:
        MisuseError: something else is there.
        CommandError: an answer is not the one that the story calls for.
    """
    clear(directory)
    world = make_world(clock.now())
    write_world(world, directory)
    sys.stdout.write(describe_world(directory, judge(world)))
    return Exit.VALID


def clear(directory: Path) -> None:
    """Take an earlier demo away.

    Raises:
        MisuseError: something else is there.
    """
    if not directory.exists():
        return
    if not (directory / MARKER).is_file():
        raise MisuseError(f"{directory}: exists, and no demo made it; name another")
    shutil.rmtree(directory)


def write_world(world: World, directory: Path) -> None:
    """Write certificates, evidence, policy and DID logs."""
    for folder in (directory, directory / "certificates", directory / "dids"):
        make_directory(folder, mode=0o755)
    write_file(directory / MARKER, b"", mode=PUBLIC_FILE)
    for scene in world.scenes:
        write_file(_place(directory, scene), scene.token + b"\n", mode=PUBLIC_FILE)
    for name, log in world.logs.items():
        write_file(directory / "dids" / f"{name}.jsonl", log, mode=PUBLIC_FILE)
    policy = json.dumps(world.policy.to_json(), indent=2).encode() + b"\n"
    write_file(directory / "policy.json", policy, mode=PUBLIC_FILE)
    save_evidence(world.evidence, directory / "evidence")


def judge(world: World) -> list[tuple[Scene, Report]]:
    """Examine every certificate.

    Raises:
        CommandError: an answer is not the one that the story calls for.
    """
    contexts, now = load_context_store(None), clock.now()
    judged = []
    for scene in world.scenes:
        report = examine(
            scene.token,
            world.evidence,
            policy=world.policy,
            now=now,
            limits=DEFAULT_LIMITS,
            contexts=contexts,
        )
        if report.verdict is not scene.expected:
            raise CommandError(f"{scene.name}: {report.verdict.value}, not {scene.expected.value}")
        judged.append((scene, report))
    return judged


def describe_world(directory: Path, judged: Sequence[tuple[Scene, Report]]) -> str:
    """Return what the reader sees: each certificate with its answer and reason, and how to go on."""
    lines = [f"A small world lies in {directory}: a ledger, a certifier and {len(judged)} certificates.", ""]
    for scene, report in judged:
        first = next(report.decisive(), None)
        reason = f"{first.step.value}: {first.detail}" if first else "every rule that applies holds"
        lines.append(f"  {scene.name:10} {report.verdict.value.upper():10} {scene.story}")
        lines.append(f"  {'':21} {reason}")
    options = f"--offline --policy {directory / 'policy.json'} --evidence {directory / 'evidence'}"
    lines += ["", "Look at one step by step, or change a file and ask again:", ""]
    program = sys.argv[0] if Path(sys.argv[0]).name == "certweave" else "certweave"
    lines += [f"  {program} verify {_place(directory, judged[0][0])} {options}"]
    lines += ["", "In a day the evidence is stale, and the answers become undecided: that is meant so."]
    return "\n".join(lines) + "\n"


def _place(directory: Path, scene: Scene) -> Path:
    return directory / "certificates" / f"{scene.name}.jwt"
