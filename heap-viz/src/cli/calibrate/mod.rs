//! `tenure calibrate`.
use super::args::CalibrateArgs;
use super::failure::Failure;
use super::stdout::Stdout;
pub(crate) fn calibrate(_args: &CalibrateArgs, _stdout: &mut Stdout) -> Result<(), Failure> {
    Ok(())
}
