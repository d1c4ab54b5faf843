#!/usr/bin/env python3
"""Serves recorded Bedrock traffic on loopback and compares what `rockpick route` makes of it.

    tools/replay/check.py FOLDER [--rockpick target/debug/rockpick] [--verbose]

FOLDER holds replay.py and cassettes/ (see its README). Each successful Converse and ConverseStream is served once, whatever is sent;
text, tool calls, stop reason and usage have to come out as they went in. Each error has to come out as a failure of its class.
"""
import argparse, base64, importlib.util, json, os, random, struct, subprocess, sys, tempfile, threading, types
from http.server import ThreadingHTTPServer

OUTCOMES = {"ValidationException": {"invalid-id", "invalid-request", "too-long", "unsupported"}, "InvalidSignatureException": {"clock-skew"}}


def events(body):
    at = 0
    while at < len(body):
        length, headers = struct.unpack(">II", body[at:at + 8])
        yield json.loads(body[at + 12 + headers:at + length - 4])
        at += length


def of_stream(record):
    text, calls, stop, usage = "", [], None, {}
    for event in events(base64.b64decode(record["response"]["body_b64"])):
        delta, start = event.get("delta") or {}, event.get("start") or {}
        text += delta.get("text", "")
        if "toolUse" in start:
            calls.append({"id": start["toolUse"]["toolUseId"], "name": start["toolUse"]["name"], "json": ""})
        if isinstance(delta.get("toolUse"), dict):
            calls[-1]["json"] += delta["toolUse"].get("input", "")
        stop = event.get("stopReason", stop)
        usage = event.get("usage", usage)
    calls = [{"id": c["id"], "name": c["name"], "input": json.loads(c["json"] or "{}")} for c in calls]
    return text, calls, stop, usage


def of_reply(record):
    body = json.loads(record["response"]["body"])
    blocks = ((body.get("output") or {}).get("message") or {}).get("content") or []
    text = ""
    for block in blocks:
        text += block.get("text", "") + "".join(part.get("text", "") for part in (block.get("citationsContent") or {}).get("content", []))
    calls = [{"id": b["toolUse"]["toolUseId"], "name": b["toolUse"]["name"], "input": b["toolUse"].get("input")} for b in blocks if "toolUse" in b]
    return text, calls, body.get("stopReason"), body.get("usage") or {}


def serve(folder):
    spec = importlib.util.spec_from_file_location("replay", os.path.join(folder, "replay.py"))
    replay = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(replay)
    server = ThreadingHTTPServer(("127.0.0.1", 0), replay.H)
    server.daemon_threads = True
    server.args = types.SimpleNamespace(no_auth=False, loose=True, frame_ms=0)
    server.store = replay.Store(os.path.join(folder, "cassettes"), "all")
    server.faults, server.journal, server.lock, server.rng = [], [], threading.Lock(), random.Random(1)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def call(args, server, record):
    streaming = record["operation"] == "ConverseStream"
    server.store.find = lambda *_: (record, "forced")
    server.journal.clear()
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        body = record["request"]["body"]
        json.dump(body if isinstance(body, dict) else {"messages": [{"role": "user", "content": [{"text": "not recorded"}]}]}, file)
        file.flush()
        env = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "AWS_ACCESS_KEY_ID": "t", "AWS_SECRET_ACCESS_KEY": "t", "AWS_REGION": record["region"] or "us-east-1",
               "AWS_EC2_METADATA_DISABLED": "true", "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}"}
        command = [args.rockpick, "route", "--messages", file.name, "--model", record["model"], "--max-attempts", "1", "--include-legacy", "-o", "json", "--stream" if streaming else "--no-stream"]
        return subprocess.run(command, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)


def compare(record, run):
    text, calls, stop, usage = of_stream(record) if record["operation"] == "ConverseStream" else of_reply(record)
    try:
        reply = json.loads(run.stdout)
    except ValueError:
        return [f"exit {run.returncode}: {run.stderr.strip()[:300]}"]
    names = {"inputTokens": "input_tokens", "outputTokens": "output_tokens", "cacheReadInputTokens": "cache_read_input_tokens", "cacheWriteInputTokens": "cache_write_input_tokens"}
    wanted = {"text": text, "tool_calls": calls, "stop_reason": stop, "usage": {own: usage.get(name, 0) for name, own in names.items()}}
    return [f"{key}: {reply[key]!r} instead of {value!r}" for key, value in wanted.items() if reply[key] != value]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--rockpick", default="target/debug/rockpick")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    server = serve(args.folder)
    records = sorted(server.store.byid.values(), key=lambda record: record["id"])
    good, same, errors, right = 0, 0, 0, 0
    for record in records:
        if record["operation"] not in ("Converse", "ConverseStream"):
            continue
        run = call(args, server, record)
        if len(server.journal) != 1:
            print(f"{record['id']} {record['operation']} {record['model']}: {len(server.journal)} calls: {run.stderr.strip()[:300]}")
        if record["response"]["status"] == 200:
            good += 1
            wrong = compare(record, run)
            same += not wrong
            for line in wrong:
                print(f"{record['id']} {record['operation']} {record['model']} {record['features']}: {line}")
        else:
            errors += 1
            said = json.loads(run.stderr) if run.stderr.startswith("{") else {}
            status, code = record["response"]["status"], record.get("error")
            expected = OUTCOMES.get(code) or {429: {"throttled"}, 500: {"internal"}, 503: {"throttled"}, 400: OUTCOMES["ValidationException"]}.get(status)
            ok = said.get("code") in expected and run.returncode in (2, 3, 4)
            right += ok
            if args.verbose or not ok:
                print(f"{record['id']} {record['operation']} {status} {code}: {said.get('code')} (exit {run.returncode}) {said.get('error')}")
    print(f"{same} of {good} successful interactions came out identical; {right} of {errors} errors as their class")
    return 0 if (same, right) == (good, errors) else 1


if __name__ == "__main__":
    sys.exit(main())
