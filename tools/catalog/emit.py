"""Write TOML that is pleasant to read and to diff."""
import datetime
import re
from decimal import Decimal

WIDTH = 110
BARE = re.compile(r"^[A-Za-z0-9_-]+$")
REGION = re.compile(r"^[a-z]{2}(-gov)?-[a-z]+-\d$")
AREAS = (("us-gov",), ("us", "ca", "mx", "sa"), ("eu",), ("ap",), ("af", "il", "me"))


def key(name: str) -> str:
    return name if BARE.match(name) else string(name)


def string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def money(amount: Decimal) -> str:
    """An exact decimal without superfluous zeros and without an exponent."""
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def value(thing, indent: str = "") -> str:
    """A TOML value; long arrays are wrapped, inline tables stay on one line."""
    if isinstance(thing, bool):
        return "true" if thing else "false"
    if isinstance(thing, int):
        return f"{thing:_}"
    if isinstance(thing, Decimal):
        return string(money(thing))
    if isinstance(thing, datetime.date):
        return thing.isoformat()
    if isinstance(thing, str):
        return string(thing)
    if isinstance(thing, dict):
        return inline(thing, indent)
    return array(thing, indent)


def inline(table: dict, indent: str) -> str:
    """An inline table; only arrays in it may be wrapped, and are if the line gets too long."""
    flat = "{ " + ", ".join(f"{key(k)} = {value(v)}" for k, v in table.items()) + " }"
    if "\n" not in flat and len(indent) + len(flat) < WIDTH:
        return flat
    cells = [f"{key(k)} = {array(v, indent, WIDTH if len(v) > 3 else 0) if isinstance(v, list) else value(v)}"
             for k, v in table.items()]
    return "{ " + ", ".join(cells) + " }"


def array(items: list, indent: str = "", used: int = 0) -> str:
    if any(isinstance(i, dict) for i in items):
        inner = indent + "  "
        return "[\n" + "".join(f"{inner}{value(i, inner)},\n" for i in items) + indent + "]"
    flat = "[" + ", ".join(value(i) for i in items) + "]"
    if len(flat) + len(indent) + used <= WIDTH:
        return flat
    inner = indent + "  "
    return "[\n" + "".join(f"{inner}{line}\n" for line in wrapped(items, WIDTH - len(inner))) + indent + "]"


def wrapped(items: list, width: int) -> list:
    """Lines of an array: Regions by area, everything else filled up to the width."""
    groups = by_area(items) if all(isinstance(i, str) and REGION.match(i) for i in items) else [items]
    lines = []
    for group in groups:
        line = ""
        for item in (value(i) + "," for i in group):
            if line and len(line) + 1 + len(item) > width:
                lines.append(line)
                line = ""
            line = f"{line} {item}" if line else item
        lines.append(line)
    return lines


def by_area(regions: list) -> list:
    def area(region: str) -> int:
        prefix = "us-gov" if region.startswith("us-gov") else region[:2]
        return next(n for n, names in enumerate(AREAS) if prefix in names)
    groups = [[r for r in regions if area(r) == n] for n in range(len(AREAS))]
    return [g for g in groups if g]


def pairs(table: dict) -> str:
    """The `key = value` lines of a table, sub-tables left out."""
    lines = []
    for name, thing in table.items():
        text = array(thing, "", len(name) + 3) if isinstance(thing, list) else value(thing)
        lines.append(f"{key(name)} = {text}\n")
    return "".join(lines)


def subtable(table: dict) -> str:
    """A table of inline tables."""
    return "".join(f"{key(name)} = {inline(part, '')}\n" for name, part in table.items())


def header(about: str) -> str:
    return f"# {about}\n# Rebuilt by tools/catalog/rebuild: corrections go into tools/catalog/corrections.toml, never into this file.\n"


def models_file(provider: str, models: dict) -> str:
    parts = [header(f"Models on Amazon Bedrock whose provider is {provider}.")]
    for model_id, model in sorted(models.items()):
        name = key(model_id)
        simple = {k: v for k, v in model.items() if not isinstance(v, dict) and k not in ("provisioned", "price")}
        parts.append(f"[{name}]\n" + pairs(simple))
        for group, table in model.items():
            if isinstance(table, dict):
                parts.append(f"[{name}.{group}]\n" + pairs({k: v for k, v in table.items() if not isinstance(v, dict)}))
                parts.extend(f"[{name}.{group}.{key(k)}]\n" + subtable(v) for k, v in table.items() if isinstance(v, dict))
        for group in ("provisioned", "price"):
            parts.extend(f"[[{name}.{group}]]\n" + pairs(row) for row in model.get(group, ()))
    return "\n".join(parts)


def tables_file(about: str, tables: dict) -> str:
    return "\n".join([header(about)] + [f"[{key(n)}]\n" + pairs(t) for n, t in tables.items()])
