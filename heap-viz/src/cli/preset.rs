//! Names of presets.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use gc_core::Preset;

/// Reads the name of a preset.
pub(crate) fn parser() -> impl TypedValueParser<Value = Preset> {
    let names = Preset::ALL.map(|preset| PossibleValue::new(preset.name()).help(preset.about()));
    PossibleValuesParser::new(names).map(|name| Preset::named(&name).expect("the name is that of a preset"))
}
