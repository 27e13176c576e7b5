"""The picture of exchanges, faults and events: everything that matters stands in it, in both forms."""

from __future__ import annotations

from lakebook.faults.exchange import Exchange
from lakebook.picture.timeline import timeline

COMMIT = "/v1/lb/namespaces/one/tables/events"
LOST = Exchange(3, 10.5, "POST", COMMIT, 200, "dropped", "dropped after it took effect", 0.2)
AROUND = [
    Exchange(1, 10.0, "GET", COMMIT, 200, 200, "", 0.05),
    Exchange(2, 10.2, "PUT", "/warehouse/one/events/data/00000-0-1.parquet?x-id=PutObject", 200, 200, "", 0.1),
    LOST,
    Exchange(4, 12.0, "POST", COMMIT, 409, 409, "", 0.03),
]


def test_it_says_what_was_answered_and_what_the_client_was_told():
    text = repr(timeline(AROUND))
    (line,) = [line for line in text.splitlines() if "#3" in line]
    assert line.split() == [
        *("0.500", "s", "#3", "POST", COMMIT, "service", "200", "client", "dropped"),
        *("⚡", "dropped", "after", "it", "took", "effect"),
    ]
    assert text.startswith("timeline: 4 exchanges, 1 fault, 2.03 s")


def test_a_service_that_was_not_reached_is_no_status():
    text = repr(timeline([Exchange(1, 0, "PUT", "/x", None, 503, "503 before it took effect", 0.01)]))
    assert "service did not answer  client 503" in text


def test_events_stand_at_their_time_and_plain_pairs_will_do():
    lines = repr(timeline(AROUND, [(10.75, "killed"), (11.5, "started again")])).splitlines()
    assert [line.split()[2] for line in lines[1:]] == ["#1", "#2", "#3", "▸", "▸", "#4"]
    assert "0.750 s  ▸ killed" in lines[4]


def test_of_many_those_without_an_event_are_told_as_a_number():
    dull = [Exchange(number, number / 100, "GET", f"/x/{number}", 200, 200, "", 0.001) for number in range(1, 500)]
    many = [*dull, Exchange(500, 2.505, "PUT", "/lost", 200, 500, "500 after it took effect", 0.001)]
    shown = timeline(many)
    text, html = repr(shown), shown._repr_html_()
    assert "/lost" in text
    assert "/x/250" in text
    assert "/x/249" in text
    assert "/x/100" not in text
    assert text.count("exchanges, answered as the service said") == 2
    assert len(html) < 10_000


def test_paths_and_events_are_text_in_the_page():
    html = timeline([Exchange(1, 0, "GET", '/<script>"', 200, 200, "<b>", 0.1)], [(0, "<i>x</i>")])._repr_html_()
    assert "<script>" not in html
    assert "<b>x" not in html
    assert "<i>" not in html
    assert "&lt;script&gt;" in html


def test_nothing_seen_is_said():
    assert repr(timeline([])) == "timeline: nothing was seen"
