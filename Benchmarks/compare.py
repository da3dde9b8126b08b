#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Times faceserver against PyTorch, ONNX Runtime and OpenVINO on identical weights, and compares the pictures.

Makes its own virtual environment in .venv-bench. Every engine runs in a process of its own; they take turns, round by
round, so that whatever else the machine does meets all of them. Results go to Benchmarks/results/.
"""

import argparse
import datetime
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VENV = ROOT / ".venv-bench"
REQUIREMENTS = HERE / "requirements.txt"
RESULTS = HERE / "results"

PEERS = {
    "pytorch": "PyTorch eager",
    "pytorch-tuned": "PyTorch eager, rewritten for speed",
    "onnxruntime": "ONNX Runtime",
    "openvino-f32": "OpenVINO f32",
    "openvino-bf16": "OpenVINO bf16",
}
OURS = "faceserver"
TITLES = {**PEERS, OURS: "faceserver"}
PSI = 0.7
BATCHES = (1, 4)
# Batches an engine computes in its turn by resolution: one that warms it up again, then the timed ones.
TIMED_BATCHES = {256: 3, 1024: 1}
# Until the threads of the engine before have stopped spinning.
PAUSE_SECONDS = 0.3
# A round waits until other programs leave the cores at least this idle, but no longer than --patience.
IDLE_SHARE = 0.95
IDLE_SAMPLE_SECONDS = 1.0
# Samples that may differ from PyTorch's by more than one of 255 levels.
TOLERATED_SHARE = 0.001


@dataclass(frozen=True)
class Case:
    resolution: int
    batch: int

    @property
    def title(self) -> str:
        return f"{self.resolution}x{self.resolution}, batch {self.batch}"


@dataclass
class Measurement:
    """What is known of one engine in one case."""

    seconds_per_image: list[float] = field(default_factory=list)
    load_seconds: float = 0
    peak_mebibytes: int = 0
    # Against PyTorch: the share of samples that differ by more than one level, and the largest difference in levels.
    differing_share: float = 0
    largest_difference: int = 0

    @property
    def median(self) -> float:
        return statistics.median(self.seconds_per_image)


# ---- environment


def clean_environment() -> dict[str, str]:
    """Without the settings that would hold an engine back."""
    return {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}


def enter_virtual_environment() -> None:
    """Installs what is missing, and starts this script again with the environment's Python."""
    python = VENV / "bin" / "python"
    if Path(sys.prefix) == VENV:
        return
    installed = VENV / "installed.txt"
    wanted = REQUIREMENTS.read_text()
    if not installed.exists() or installed.read_text() != wanted:
        print(f"Installing {REQUIREMENTS.relative_to(ROOT)} into {VENV.relative_to(ROOT)} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "-r", str(REQUIREMENTS)], check=True)
        installed.write_text(wanted)
    os.execve(python, [str(python), *sys.argv], clean_environment())


def machine() -> dict[str, Any]:
    info = Path("/proc/cpuinfo").read_text().splitlines()
    fields = {line.split(":")[0].strip(): line.split(":", 1)[1].strip() for line in info if ":" in line}
    flags = fields.get("flags", "").split()
    return {
        "cpu": fields.get("model name", "unknown"),
        "flags": [flag for flag in ("avx2", "avx512f", "avx512_bf16") if flag in flags],
        "cores": os.cpu_count(),
    }


def versions() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("torch", "onnx", "onnxruntime", "openvino", "numpy")}


# ---- engines


class PeerProcess:
    """An engine that `engine.py` runs."""

    def __init__(self, name: str, case: Case, folder: Path, threads: int) -> None:
        self.name = name
        self.case = case
        self.pictures_path = folder / f"{name}.npy"
        command = [sys.executable, str(HERE / "engine.py"), "--engine", name, "--batch", str(case.batch)]
        command += ["--weights", str(weights_path(folder, case)), "--graph", str(graph_path(folder, case))]
        command += ["--threads", str(threads), "--psi", str(PSI), "--pictures", str(self.pictures_path)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.measurement = Measurement(load_seconds=self.answer()["load_seconds"])

    def answer(self) -> dict[str, Any]:
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{TITLES[self.name]} ended with status {self.process.wait()}")
        return json.loads(line)

    def ask(self, command: str) -> dict[str, Any]:
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.answer()

    def take_turn(self, batches: int) -> None:
        seconds = self.ask(f"measure {1 + batches}")["seconds"][1:]
        self.measurement.seconds_per_image.append(statistics.median(seconds) / self.case.batch)

    def pictures(self) -> "np.ndarray":
        import numpy as np

        return np.load(self.pictures_path)

    def finish(self) -> None:
        self.measurement.peak_mebibytes = self.ask("finish")["peak_mebibytes"]
        self.process.wait()


class FaceServer:
    """Our release binary, started anew for each turn."""

    name = OURS

    def __init__(self, case: Case, folder: Path, threads: int, binary: Path) -> None:
        self.case = case
        self.folder = folder
        self.threads = threads
        self.binary = binary
        self.measurement = Measurement(load_seconds=float("inf"))

    def take_turn(self, batches: int) -> None:
        command = [str(self.binary), "bench", "--model", str(weights_path(self.folder, self.case)), "--json"]
        command += ["--repeats", str(batches), "--batch", str(self.case.batch), "--threads", str(self.threads)]
        report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        self.measurement.seconds_per_image.append(report["medianSecondsPerImage"])
        self.measurement.load_seconds = min(self.measurement.load_seconds, report["loadSeconds"])
        self.measurement.peak_mebibytes = max(self.measurement.peak_mebibytes, report["peakMebibytes"])

    def pictures(self) -> "np.ndarray":
        import numpy as np
        from PIL import Image

        outdir = self.folder / "pictures"
        command = [str(self.binary), "generate", "--network", str(weights_path(self.folder, self.case))]
        command += ["--seeds", f"0-{self.case.batch - 1}", "--trunc", str(PSI), "--outdir", str(outdir)]
        subprocess.run(command, check=True, capture_output=True)
        return np.stack([np.asarray(Image.open(outdir / f"seed{seed:04}.png")) for seed in range(self.case.batch)])

    def finish(self) -> None:
        pass


# ---- measuring


def processor_ticks() -> tuple[int, int]:
    """All ticks since the start of the machine and the idle ones among them: proc(5), /proc/stat."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return sum(fields), fields[3] + fields[4]


def idle_share() -> float:
    total, idle = processor_ticks()
    time.sleep(IDLE_SAMPLE_SECONDS)
    total_later, idle_later = processor_ticks()
    return (idle_later - idle) / max(1, total_later - total)


def wait_for_quiet(patience: float) -> float:
    """The share of the cores that was idle in the end, our engines being so."""
    deadline = time.monotonic() + patience
    while (share := idle_share()) < IDLE_SHARE and time.monotonic() < deadline:
        pass
    return share


def weights_path(folder: Path, case: Case) -> Path:
    return folder / f"weights-{case.resolution}.safetensors"


def graph_path(folder: Path, case: Case) -> Path:
    return folder / f"graph-{case.resolution}-{case.batch}.onnx"


def prepare_files(folder: Path, case: Case) -> None:
    import stylegan2
    import weights

    if not weights_path(folder, case).exists():
        weights.write(weights_path(folder, case), case.resolution)
    stylegan2.export(stylegan2.load(weights_path(folder, case), PSI), graph_path(folder, case), case.batch)


def compare_pictures(engines: list[PeerProcess | FaceServer]) -> None:
    import numpy as np

    reference = engines[0].pictures().astype(np.int16)
    for engine in engines:
        difference = np.abs(engine.pictures() - reference)
        engine.measurement.differing_share = float((difference > 1).mean())
        engine.measurement.largest_difference = int(difference.max())


def measure(case: Case, folder: Path, arguments: argparse.Namespace) -> dict[str, Measurement]:
    print(f"\n{case.title}", flush=True)
    prepare_files(folder, case)
    engines: list[PeerProcess | FaceServer] = [PeerProcess(name, case, folder, arguments.threads) for name in PEERS]
    engines.append(FaceServer(case, folder, arguments.threads, arguments.binary))
    compare_pictures(engines)
    for turn in range(arguments.rounds):
        idle = wait_for_quiet(arguments.patience)
        first = turn % len(engines)
        for engine in engines[first:] + engines[:first]:
            time.sleep(PAUSE_SECONDS)
            engine.take_turn(TIMED_BATCHES[case.resolution])
        latest = ", ".join(f"{TITLES[e.name]} {e.measurement.seconds_per_image[-1]:.3f}" for e in engines)
        print(f"  round {turn + 1}, {idle:.0%} idle before: {latest}", flush=True)
    for engine in engines:
        engine.finish()
    graph_path(folder, case).unlink()
    return {engine.name: engine.measurement for engine in engines}


# ---- reporting


def ratio_line(measurements: dict[str, Measurement]) -> str:
    ours = measurements[OURS].median
    return ", ".join(f"{measurements[name].median / ours:.2f}x {title}" for name, title in PEERS.items())


def table(measurements: dict[str, Measurement]) -> list[str]:
    lines = [
        "| engine | s an image, median | least | of faceserver's | peak MiB | load s | samples off by > 1 level |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, title in TITLES.items():
        m = measurements[name]
        ratio = m.median / measurements[OURS].median
        lines.append(
            f"| {title} | {m.median:.3f} | {min(m.seconds_per_image):.3f} | {ratio:.2f} | {m.peak_mebibytes} "
            f"| {m.load_seconds:.1f} | {m.differing_share:.4%} |"
        )
    return lines


def markdown(date: str, context: dict[str, Any], results: dict[Case, dict[str, Measurement]]) -> str:
    system = context["machine"]
    packages = ", ".join(f"{name} {version}" for name, version in context["versions"].items())
    lines = [
        f"# Comparison of {date}",
        "",
        f"{system['cpu']} ({', '.join(system['flags'])}), {system['cores']} cores, {context['threads']} threads, "
        f"{context['rounds']} rounds; load average {context['load_before']:.1f} before and "
        f"{context['load_after']:.1f} after the run. {packages}.",
    ]
    for case, measurements in results.items():
        lines += ["", f"## {case.title}", "", *table(measurements)]
    return "\n".join(lines) + "\n"


def write_results(context: dict[str, Any], results: dict[Case, dict[str, Measurement]]) -> None:
    date = datetime.date.today().isoformat()
    cases = [
        {**asdict(case), "engines": {name: {**asdict(m), "median": m.median} for name, m in measurements.items()}}
        for case, measurements in results.items()
    ]
    RESULTS.mkdir(exist_ok=True)
    base = RESULTS / f"compare-{date}"
    base.with_suffix(".json").write_text(json.dumps({"date": date, **context, "cases": cases}, indent=2) + "\n")
    base.with_suffix(".md").write_text(markdown(date, context, results))
    print(f"\nWritten to {base.relative_to(ROOT)}.json and .md")


def disagreements(results: dict[Case, dict[str, Measurement]]) -> list[str]:
    """bf16 is not held to the bound: it is shown so that nobody takes it for f32."""
    return [
        f"{case.title}: {m.differing_share:.3%} of {TITLES[name]}'s samples differ from PyTorch's by more than a level"
        for case, measurements in results.items()
        for name, m in measurements.items()
        if name != "openvino-bf16" and m.differing_share > TOLERATED_SHARE
    ]


def sizes(text: str) -> list[int]:
    values = [int(part) for part in text.split(",")]
    if unknown := set(values) - set(TIMED_BATCHES):
        raise argparse.ArgumentTypeError(f"{unknown.pop()} is none of {', '.join(map(str, TIMED_BATCHES))}")
    return values


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=sizes, default=[256, 1024], help="resolutions, 256,1024 without it")
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds, 5 without it")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="of each engine; all cores without it")
    parser.add_argument(
        "--patience", type=float, default=60, help="seconds to wait for idle cores before a round, 60 without it"
    )
    parser.add_argument("--quick", action="store_true", help="two rounds, batch 1, and no results are written")
    parser.add_argument("--binary", type=Path, default=ROOT / ".build/release/faceserver", help="our program")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds is at least 1")
    if not arguments.binary.exists():
        parser.error(f"{arguments.binary} is not there: run make build")
    if arguments.quick:
        arguments.rounds = 2
    return arguments


def main() -> int:
    arguments = parse_arguments()
    enter_virtual_environment()
    batches = BATCHES[:1] if arguments.quick else BATCHES
    load_before = os.getloadavg()[0]
    results: dict[Case, dict[str, Measurement]] = {}
    with tempfile.TemporaryDirectory(prefix="faceserver-compare-") as folder:
        for case in [Case(size, batch) for size in arguments.sizes for batch in batches]:
            results[case] = measure(case, Path(folder), arguments)
            print(*table(results[case]), f"faceserver is {ratio_line(results[case])}", sep="\n", flush=True)
    context = {
        "machine": machine(),
        "versions": versions(),
        "threads": arguments.threads,
        "rounds": arguments.rounds,
        "load_before": load_before,
        "load_after": os.getloadavg()[0],
    }
    if not arguments.quick:
        write_results(context, results)
    failures = disagreements(results)
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
