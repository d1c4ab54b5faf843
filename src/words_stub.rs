use std::ops::Range;
use serde::{Deserialize, Serialize};
use crate::{catalog::Catalog, diagnostic::Diagnostics, source::RuleFile, task::{Constraints, Preference}, text::Text};
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Default)]
pub struct Vocabulary {}
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading { pub constraints: Constraints, pub preference: Option<Preference>, pub found: Vec<Said>, pub notes: Vec<String> }
#[derive(Clone, Debug, PartialEq)]
pub struct Said { pub field: &'static str, pub value: String, pub span: Range<usize> }
impl Vocabulary { pub fn read(&self, _t:&Text<'_>)->Reading{Reading::default()} }
pub fn compile(_f:&[RuleFile], _c:&Catalog, _d:&mut Diagnostics)->Option<Vocabulary>{Some(Vocabulary{})}
