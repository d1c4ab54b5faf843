# What people repeat. `just` lists it; install it with `cargo install just` or `pip install rust-just`.

_list:
    @just --list --unsorted

# everything that must hold before a change lands
ci:
    .ci/run

# accept what tests print now, after a look at the diff
snapshots *TESTS:
    INSTA_UPDATE=always cargo test {{ TESTS }}
    git diff --stat -- '*.snap'

# write what the commands of README.md print now into it
readme:
    TRYCMD=overwrite cargo test --test readme
    git diff -- README.md

# accuracy of reading on labeled texts: needs, prompts, robust, mentions, category …
measure *SETS:
    cargo build --release
    tools/eval/measure {{ SETS }}

# recorded traffic of Bedrock against the built command
replay FOLDER:
    cargo build
    tools/replay/check.py {{ FOLDER }}

# times of decisions and of reading
bench:
    cargo bench --no-default-features --bench decide
    cargo bench --bench classify

# instruction counts against benches/instructions.toml; `just counts --bless` writes it
counts *FLAGS:
    cargo bench -p rockpick-knowledge --bench instructions -- {{ FLAGS }}

# every fuzz target, one after the other
fuzz SECONDS="120":
    for target in rules task frames body; do fuzz/run $target {{ SECONDS }} || exit 1; done

# what must hold before a release: CI, and packages that build from what a registry would get
release-check: ci
    cargo package --locked --workspace
