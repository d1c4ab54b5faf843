use serde::{Deserialize, Serialize};
use crate::{catalog::Catalog, diagnostic::Diagnostics, source::RuleFile};
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
pub struct Vocabulary {}
pub fn compile(_f:&[RuleFile], _c:&Catalog, _d:&mut Diagnostics)->Option<Vocabulary>{Some(Vocabulary{})}
