"""Secrets are taken out of whatever is written."""

import html
import json
import subprocess
import sys
from urllib.parse import quote

import pytest

from lakebook import secret

VALUE = 'k/+"<&>=tail-of-a-secret'


@pytest.mark.parametrize("form", [VALUE, json.dumps(VALUE)[1:-1], quote(VALUE, safe=""), html.escape(VALUE)])
def test_a_secret_is_masked_in_every_spelling(form):
    secret.remember([VALUE])
    assert secret.redact(f"before {form} after") == f"before {secret.MASK} after"


def test_secrets_are_masked_deep_inside_a_value():
    secret.remember([VALUE])
    assert secret.clean({"a": [{"b": f"x{VALUE}"}], VALUE: 1}) == {
        "a": [{"b": f"x{secret.MASK}"}],
        secret.MASK: 1,
    }


def test_what_another_process_learns_is_masked_here(tmp_path, monkeypatch):
    monkeypatch.setenv(secret.VARIABLE, str(tmp_path / "secrets"))
    monkeypatch.setattr(secret, "_read_until", 0)
    learned = "vended-at-run-time-1"
    subprocess.run([sys.executable, "-c", f"from lakebook import secret; secret.remember(['{learned}'])"], check=True)
    assert secret.redact(learned) == secret.MASK


def test_what_is_remembered_is_known_and_a_short_word_is_not():
    secret.remember(["known-as-a-secret", "short"])
    assert "known-as-a-secret" in secret.known()
    assert "short" not in secret.known()


@pytest.mark.parametrize("around", ["a line of a log\n", "ein Zeichen: ü\n", "half of one: \ud800\n"])
def test_a_long_text_is_masked_as_a_short_one_is(around):
    secret.remember([VALUE, VALUE + "-and-more"])
    forms = [VALUE, VALUE + "-and-more", quote(VALUE, safe=""), html.escape(VALUE)]
    long = around * 10_000 + "".join(f"[{form}]" for form in forms) + around
    redacted = secret.redact(long)
    assert redacted.count(f"[{secret.MASK}]") == len(forms)
    assert "tail-of-a-secret" not in redacted
    assert redacted.startswith("a line of a log\n" * 2) or not around.isascii()


def test_a_signature_in_an_address_is_masked_though_nobody_has_seen_it():
    said = "refused: 'http://127.0.0.1:1/a/c/x?se=2026&sig=qjhd%2BR1a%3D&sp=r' and ?sig=abc"
    assert secret.redact(said) == "refused: 'http://127.0.0.1:1/a/c/x?se=2026&sig=[secret]&sp=r' and ?sig=[secret]"
    assert secret.redact("a design=new&x") == "a design=new&x"
