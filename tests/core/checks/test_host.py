"""The machine's facts: containers, limits exactly met, and what cannot be read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from recovery_console.core.backends.host import FileSystem, Host, HostMemory
from recovery_console.core.check import Check
from recovery_console.core.checks.host.disk import Disk
from recovery_console.core.checks.host.load import Load
from recovery_console.core.checks.host.memory import Memory
from recovery_console.core.errors import SourceUnavailable
from recovery_console.core.finding import Finding
from recovery_console.core.site import Site, open_site
from tests.support.sample import SampleSite

GIB = 1024**3


@pytest.fixture
def opened(site: SampleSite) -> Site:
	return open_site(site.bench.folder, site.name)


def write(root: Path, files: dict[str, str]) -> Path:
	for name, text in files.items():
		path = root / name
		path.parent.mkdir(parents=True, exist_ok=True)
		path.write_text(text)
	return root


def version_2(root: Path, limit: str = str(2 * GIB)) -> Path:
	return write(
		root,
		{
			"proc/self/cgroup": "0::/docker/abc\n",
			"sys/fs/cgroup/cgroup.controllers": "cpu memory\n",
			"sys/fs/cgroup/docker/memory.max": "max\n",
			"sys/fs/cgroup/docker/abc/memory.max": f"{limit}\n",
			"sys/fs/cgroup/docker/abc/memory.current": f"{int(1.9 * GIB)}\n",
			"sys/fs/cgroup/docker/abc/memory.stat": f"anon 1\ninactive_file {int(0.1 * GIB)}\n",
			"sys/fs/cgroup/docker/abc/memory.events": "low 0\noom 4\noom_kill 3\n",
			"sys/fs/cgroup/docker/abc/cpu.stat": "usage_usec 5\nnr_periods 4000\nnr_throttled 1000\n",
		},
	)


def version_1(root: Path) -> Path:
	"""As a container sees it: its own group is what it finds at the top."""
	return write(
		root,
		{
			"proc/self/cgroup": "4:memory:/docker/abc\n1:cpu,cpuacct:/docker/abc\n",
			"sys/fs/cgroup/memory/memory.limit_in_bytes": f"{2 * GIB}\n",
			"sys/fs/cgroup/memory/memory.usage_in_bytes": f"{int(1.9 * GIB)}\n",
			"sys/fs/cgroup/memory/memory.stat": f"total_inactive_file {int(0.1 * GIB)}\n",
			"sys/fs/cgroup/memory/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n",
		},
	)


def findings(check: Check, site: Site) -> list[tuple[str, str]]:
	return [(item.fingerprint, item.severity.value) for item in check.run(site) if isinstance(item, Finding)]


@pytest.mark.parametrize("make", [version_2, version_1])
def test_a_container_is_measured_by_its_own_limit(make, tmp_path: Path) -> None:
	host = Host(tmp_path, make(tmp_path))
	memory = host.memory()
	assert memory.in_container
	assert memory.total_bytes == 2 * GIB
	assert 0.1 * GIB < memory.available_bytes <= 0.21 * GIB  # file cache that can be dropped counts as free
	assert host.memory_kills() == 3


def test_a_limit_above_the_machine_is_none(tmp_path: Path) -> None:
	assert not Host(tmp_path, version_2(tmp_path, limit=str(2**50))).memory().in_container
	assert not Host(tmp_path, version_2(tmp_path, limit="max")).memory().in_container


def test_without_control_groups_the_machine_tells_of_processes_ended(tmp_path: Path) -> None:
	assert Host(tmp_path, tmp_path).memory_kills() is None
	assert Host(tmp_path, write(tmp_path, {"proc/vmstat": "pgfault 9\noom_kill 2\n"})).memory_kills() == 2


def test_the_whole_machine_may_run_out_of_open_files(tmp_path: Path) -> None:
	root = write(tmp_path, {"proc/sys/fs/file-nr": "800\t0\t1000\n"})
	machine = Host(tmp_path, root).open_files([])[0]
	assert (machine.process, machine.used, machine.limit) == (None, 800, 1000)


def test_a_full_and_throttled_container_is_reported(opened: Site, tmp_path: Path) -> None:
	opened.host = Host(opened.bench, version_2(tmp_path))
	recent = opened.host.clock() - opened.host.booted() + timedelta(hours=1)
	assert findings(Memory(started_within=recent), opened) == [
		("host.memory:short", "critical"),
		("host.memory:ended", "warning"),
	]
	assert findings(Memory(started_within=timedelta(0)), opened) == [("host.memory:short", "critical")]
	assert findings(Load(warning_per_core=1000), opened) == [("host.load:throttled", "warning")]
	assert findings(Load(warning_per_core=1000, throttled_share=0.26), opened) == []


@pytest.mark.parametrize(
	("used", "swap", "expected"),
	[
		(0.799, 1.0, []),
		(0.80, 0.49, [("host.memory:short", "warning")]),
		(0.80, 0.50, [("host.memory:short", "warning"), ("host.memory:swap", "warning")]),
		(0.85, 0.0, [("host.memory:short", "critical")]),
	],
)
def test_memory_exactly_at_its_limits(
	opened: Site, used: float, swap: float, expected: list[tuple[str, str]]
) -> None:
	total = 1_000_000_000
	memory = HostMemory(total, total - int(total * used), 1000, int(1000 * swap), False)
	check = Memory()
	short = memory.used_share >= check.warning_share
	found = [check._short(opened, memory)] if short else []
	found += check._swap(opened, memory, short)
	assert [(item.fingerprint, item.severity.value) for item in found] == expected


@pytest.mark.parametrize(
	("used", "free", "expected"),
	[
		(39.9, 10.1, None),
		(40, 10, "warning"),
		(80, 20, None),  # plenty, whatever the share
		(44.9, 5.1, "warning"),
		(45, 5, "critical"),
		(900, 100, None),
		(1, 1.9, "critical"),
		(1, 2.0, None),
	],
)
def test_disks_exactly_at_their_limits(opened: Site, used: float, free: float, expected: str | None) -> None:
	system = FileSystem(
		1, (opened.bench,), int((used + free) * GIB), round(used * GIB), round(free * GIB), 1000, 900
	)
	finding = Disk()._judge(opened, system)
	assert (finding and finding.severity.value) == expected


def test_a_folder_that_cannot_be_reached_is_unknown(tmp_path: Path) -> None:
	with pytest.raises(SourceUnavailable):
		Host(tmp_path).file_systems([tmp_path / "gone"])
