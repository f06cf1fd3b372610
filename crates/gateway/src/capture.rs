//! Argument values for the record: sealed, and only where the organisation asks for it.

use model::{Captured, SealedArguments};

use crate::Gateway;
use crate::exchange::Intake;

impl Gateway {
    /// The call's arguments as they are recorded. `None` where values are not kept, and for calls without arguments.
    pub(crate) fn capture(&self, intake: &Intake<'_>) -> Option<SealedArguments> {
        let org = &intake.exchange.caller.live.bundle.org;
        let arguments = intake.message.filter(|_| org.capture_arguments)?.params.arguments?;
        let text = Captured::of(arguments)?.to_text();
        let context = SealedArguments::context(org.id, intake.exchange.id);
        match self.argument_sealer.seal(text.as_bytes(), context.as_bytes(), &mut rand::rng()) {
            Ok(sealed) => Some(SealedArguments(sealed)),
            Err(error) => {
                tracing::error!(%error, "arguments were not recorded");
                None
            }
        }
    }
}
