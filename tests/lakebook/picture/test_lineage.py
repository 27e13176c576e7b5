"""The picture of snapshots: which came from which, on which lane, and what each did."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from lakebook.picture.lineage import Snapshot, lineage

NOON = 1_790_000_000_000
FIRST = Snapshot(111_000_001, None, NOON, "append", 3_000, 0, 3_000, 0)
SECOND = Snapshot(222_000_002, FIRST.id, NOON + 1_000, "append", 2_000, 0, 5_000, 1)
AUDIT = Snapshot(333_000_003, SECOND.id, NOON + 2_000, "overwrite", 10, 20, 4_990, 1)
THIRD = Snapshot(444_000_004, SECOND.id, NOON + 3_000, "delete", 0, 20, 4_980, 1)
ORPHAN = Snapshot(555_000_005, 9, NOON + 4_000, "", 0, 0, None, None)
EVERY = [FIRST, SECOND, AUDIT, THIRD, ORPHAN]
REFS = {"main": THIRD.id, "audit": AUDIT.id, "v<1>": FIRST.id}


def drawn(*snapshots: Snapshot, refs: dict[str, int]) -> dict[str, ET.Element]:
    """The group of each snapshot, by the end of its title."""
    html = lineage(snapshots, refs)._repr_html_()
    root = ET.fromstring(re.search("<svg.*</svg>", html)[0])
    return {str(group.findtext("title")).split(",")[0].split()[-1]: group for group in root.iter("g")}


def place(group: ET.Element) -> tuple[int, int]:
    rect = group.find("rect")
    return int(rect.attrib["x"]), int(rect.attrib["y"])


def test_snapshots_go_from_left_to_right_in_time_and_down_by_branch() -> None:
    found = drawn(*EVERY, refs=REFS)
    xs = [place(found[str(one.id)])[0] for one in EVERY]
    assert xs == sorted(xs)
    main, audit, orphan = (place(found[str(one.id)])[1] for one in (THIRD, AUDIT, ORPHAN))
    assert place(found[str(FIRST.id)])[1] == place(found[str(SECOND.id)])[1] == main
    assert main < audit < orphan


def test_a_box_says_what_the_snapshot_did_and_where_the_schema_is_new() -> None:
    texts = {name: [text.text for text in group.iter("text")] for name, group in drawn(*EVERY, refs=REFS).items()}
    assert texts[str(SECOND.id)][:4] == ["append", "+2,000 rows", "5,000 in all", "new schema 1"]
    assert texts[str(AUDIT.id)][:4] == ["overwrite", "+10 -20 rows", "4,990 in all", "schema 1"]
    assert "v<1>" in texts[str(FIRST.id)]
    assert "no summary" in texts[str(ORPHAN.id)]


def test_the_text_says_the_same() -> None:
    lines = repr(lineage(EVERY, REFS)).splitlines()
    assert lines[0] == "lineage: 5 snapshots, oldest first; times in UTC"
    assert lines[4].split() == [
        *(
            "14:13:22.000",
            "333000003",
            "222000002",
            "overwrite",
            "+10",
            "-20",
            "rows",
            "4,990",
            "in",
            "all",
            "1",
            "audit",
        )
    ]


def test_a_parent_that_is_gone_is_a_dashed_line() -> None:
    assert "stroke-dasharray" in lineage([ORPHAN], {})._repr_html_()
    assert "stroke-dasharray" not in lineage([FIRST, SECOND], {})._repr_html_()


def test_of_a_long_history_the_newest_are_shown() -> None:
    many = [Snapshot(number, number - 1 or None, NOON + number, "append", 1) for number in range(1, 1_001)]
    shown = lineage(many, {"main": 1_000})
    assert "the newest 40 of 1,000 snapshots" in repr(shown)
    assert len(shown._repr_html_()) < 40_000


def test_a_table_without_snapshot_says_so() -> None:
    assert repr(lineage([], {})) == "lineage: the table has no snapshot"
