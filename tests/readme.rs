//! The README's commands print what it shows.

#[test]
fn the_readme_shows_what_is_printed() {
    // The date is fixed, so that what is shown stays true; everything of the user's own environment is kept out.
    let cases = trycmd::TestCases::new();
    cases.env("ROCKPICK_AS_OF", "2026-11-21");
    for variable in ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "ROCKPICK_RULES"] {
        cases.env(variable, "");
    }
    cases.env("AWS_CONFIG_FILE", "no-such-file").env("NO_COLOR", "1");
    cases.case("README.md");
}
