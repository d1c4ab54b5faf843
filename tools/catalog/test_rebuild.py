"""Tests of the rebuild that need no network: python3 -m unittest discover -s tools/catalog"""
import datetime
import importlib.machinery
import importlib.util
import os
import subprocess
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import facts  # noqa: E402
import packages  # noqa: E402
import releases  # noqa: E402
from inferred import Inferred  # noqa: E402

LOADER = importlib.machinery.SourceFileLoader("rebuild", str(HERE / "rebuild"))
rebuild = importlib.util.module_from_spec(importlib.util.spec_from_loader("rebuild", LOADER))
LOADER.exec_module(rebuild)

SCANNED = datetime.date(2026, 10, 27)
PROFILES = {("us-gov", "anthropic.claude-sonnet-4-5"): {"us-gov-west-1": [], "us-gov-east-1": []},
            ("us", "anthropic.claude-sonnet-4-5"): {"us-east-1": ["us-east-1"], "us-gov-east-1": []},
            ("jp", "anthropic.claude-sonnet-4-5"): {"ap-northeast-1": ["ap-northeast-1"]}}


def scan(**more) -> dict:
    return {"regions": ["us-east-1", "ap-northeast-1"], "inference_types": {"us-east-1": ["ON_DEMAND"]},
            "inputModalities": ["TEXT"], "outputModalities": ["TEXT"], "model_lifecycle_status": "ACTIVE",
            "responseStreamingSupported": True, "runtime_supported": True, **more}


def facts_of(scans: dict, keys=(), retire=None) -> facts.Facts:
    """Facts of a few models with the corrections as they are."""
    fix = rebuild.read_corrections()
    lite = {key: {"litellm_provider": "bedrock", "input_cost_per_token": 1e-6} for key in keys}
    fix["extra-models"] = []
    data = packages.Packages(scan=scans, removed={}, lite=lite, genai=[], control={}, retire=retire or {})
    return facts.Facts(data, fix, {"acme", "anthropic"})


def inferred(model_id: str, keys: list, access: dict, **more) -> dict:
    return Inferred(facts_of({model_id: scan(**more)}, keys), PROFILES, SCANNED).of(model_id, access)


class Offers(unittest.TestCase):
    def test_a_profile_that_is_priced_is_called_from_the_regions_that_keys_name(self):
        keys = ["us-gov.acme.one", "bedrock/us-gov-west-1/acme.one", "bedrock_mantle/us-gov-east-1/acme.one"]
        found = inferred("acme.one", keys, {"in-region": ["us-east-1"]})
        self.assertEqual(found, {"mantle": ["us-gov-east-1"], "geo": {"us-gov": ["us-gov-east-1", "us-gov-west-1"]}})

    def test_without_a_profile_the_bare_id_serves_where_it_serves_elsewhere(self):
        keys = ["bedrock/us-gov-west-1/acme.one"]
        self.assertEqual(inferred("acme.one", keys, {"in-region": ["us-east-1"]}), {"in-region": ["us-gov-west-1"]})
        self.assertEqual(inferred("acme.one", keys, {"in-region": []}), {}, "called by profiles everywhere else")

    def test_a_price_never_contradicts_a_scan(self):
        keys = ["jp.acme.one", "bedrock/ap-northeast-1/acme.one"]
        self.assertEqual(inferred("acme.one", keys, {"in-region": ["us-east-1"]}), {})
        self.assertEqual(inferred("acme.one", ["bedrock/us-gov-west-1/acme.one"], {"in-region": ["us-gov-west-1"]}), {})

    def test_a_commercial_prefix_is_no_way_into_govcloud(self):
        self.assertEqual(inferred("acme.one", ["us.acme.one", "bedrock/us-gov-east-1/acme.one"], {"in-region": []}), {})


class Lives(unittest.TestCase):
    def test_notes_tell_ends_by_region(self):
        note = "EOL 2026-09-10 in us-east-1 and us-gov-west-1. EOL 2026-10-17 in ap-south-1. No replacement is listed."
        ends = packages.ends_of({"retires_on": "2026-09-10", "note": note})
        self.assertEqual(ends[datetime.date(2026, 9, 10)], ["us-east-1", "us-gov-west-1"])
        self.assertEqual(ends[datetime.date(2026, 10, 17)], ["ap-south-1"])
        plain = packages.ends_of({"retires_on": "2027-03-30", "note": "dates apply to the Regions listed"})
        self.assertEqual(plain, {datetime.date(2027, 3, 30): []})

    def test_an_end_that_differs_by_region_is_kept_apart(self):
        end, other = datetime.date(2026, 7, 30), datetime.date(2026, 10, 17)
        told = facts_of({"acme.one": scan()}, retire={"acme.one": {"legacy-since": None, "ends": {other: ["ap-south-1"]}}})
        self.assertEqual(told.eol_in("acme.one", end), [{"eol": other, "regions": ["ap-south-1"]}])
        self.assertEqual(told.eol_in("acme.one", other), [])

    def test_a_floor_is_a_year_after_the_launch(self):
        self.assertEqual(facts.a_year_after(datetime.date(2026, 9, 22)), datetime.date(2027, 9, 22))
        self.assertEqual(facts.a_year_after(datetime.date(2028, 2, 29)), datetime.date(2029, 2, 28))


class News(unittest.TestCase):
    def test_a_new_model_gets_a_name_and_a_warning(self):
        told = facts_of({"anthropic.claude-opus-9-1-20290101-v1:0": scan()})
        self.assertEqual(told.model("anthropic.claude-opus-9-1-20290101-v1:0")["name"], "Claude Opus 9.1")
        self.assertEqual(len(told.warnings), 1)
        self.assertEqual(facts.provisional_name("acme.giga-3-70b-instruct"), "Giga 3 70b Instruct")

    def test_a_model_of_a_new_provider_is_left_out_with_a_warning(self):
        told = facts_of({"newcomer.one": scan(), "acme.two": scan()})
        self.assertEqual(told.ids, ["acme.two"])
        self.assertIn("newcomer.one is left out", told.warnings[0])

    def test_a_source_is_stamped_alone(self):
        text = '[a]\nwhat = "PyPI package x 1.0: y"\ndate = 2026-01-01\nscans = [\n  "r",\n]\n\n[b]\ndate = 2026-01-02\n'
        new = releases.stamped(text, "a", "2.0", datetime.date(2026, 2, 3), '["s"]')
        self.assertIn('what = "PyPI package x 2.0: y"\ndate = 2026-02-03\nscans = ["s"]\n', new)
        self.assertIn("[b]\ndate = 2026-01-02", new)

    def test_a_reader_that_goes_away_is_no_error(self):
        code = f"import sys; sys.path.insert(0, {str(HERE)!r}); sys.dont_write_bytecode = True\n"
        code += "import importlib.machinery as m\n"
        code += f"rebuild = m.SourceFileLoader('rebuild', {str(HERE / 'rebuild')!r}).load_module()\n"
        code += "rebuild.say(['line'] * 100_000)"
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", code], stdout=write, stderr=subprocess.PIPE, text=True)
        os.close(write)
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
