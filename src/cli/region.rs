//! The Region that the AWS SDKs would take when none is given: the environment, then the profile.

use std::env;
use std::path::PathBuf;

use ini::Ini;

use super::Global;

/// A Region's code and where it comes from.
pub(super) struct Resolved {
    pub code: String,
    pub from: String,
}

/// `AWS_REGION`, `AWS_DEFAULT_REGION`, the configuration, then the `region` of the profile in AWS's config file.
pub(super) fn resolve(global: &Global) -> Option<Resolved> {
    for variable in ["AWS_REGION", "AWS_DEFAULT_REGION"] {
        if let Some(code) = env::var(variable).ok().filter(|code| !code.is_empty()) {
            return Some(Resolved { code, from: variable.to_owned() });
        }
    }
    if let Some(own) = &global.config.region {
        return Some(Resolved { code: own.value.clone(), from: own.from.to_string() });
    }
    of_profile(global.profile.as_deref().filter(|name| !name.is_empty()).unwrap_or("default"))
}

fn of_profile(name: &str) -> Option<Resolved> {
    let home = || env::var_os("HOME").or_else(|| env::var_os("USERPROFILE")).map(PathBuf::from);
    let file = env::var_os("AWS_CONFIG_FILE")
        .map(PathBuf::from)
        .or_else(|| home().map(|home| home.join(".aws/config")))?;
    let config = Ini::load_from_file_noescape(file).ok()?;
    let own = format!("profile {name}");
    let section = config.section(Some(own.as_str())).or_else(|| config.section(Some(name)))?;
    let code = section.get("region")?.trim().to_owned();
    Some(Resolved { code, from: format!("profile {name}") })
}
