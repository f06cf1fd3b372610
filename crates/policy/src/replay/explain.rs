//! How a recorded decision came about.

use serde::Serialize;

use crate::decide::judge;
use crate::trace::Recorder;
use crate::{Outcome, Trace};

use super::supposing::{Answers, Supposing};
use super::{MOST_WAYS, Recorded};

/// A recorded decision, made again from what the record holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// Whether the policy that was in force comes to the recorded decision, under some value of what is not known.
    pub agrees: bool,
    /// How it came about. Conditions on what is not known are marked undecidable. `None` when the decision does not
    /// come about again and to tell more would be a guess.
    pub trace: Option<Trace>,
}

impl Recorded<'_> {
    /// Makes the recorded decision again and tells how it came about.
    #[must_use]
    pub fn explain(&self) -> Explanation {
        let mut answers = Answers::default();
        for _ in 0..MOST_WAYS {
            let mut watch = Supposing::new(&self.gaps, &[], &mut answers, Recorder::default());
            let judged = judge(self.policy, &self.call, &self.context, &mut watch);
            let recorder = watch.into_inner();
            let counted = judged
                .as_ref()
                .is_ok_and(|permit| permit.limits().any(|(_, limit)| limit.pointer() == self.rule));
            let mut trace = recorder.finish(judged.err().map(|denial| *denial));
            // Limits refuse after the trace has ended.
            if self.outcome == Outcome::Deny && counted {
                trace.refuse(self.rule, "");
            }
            if trace.outcome == self.outcome && trace.rule == self.rule {
                return Explanation { agrees: true, trace: Some(trace) };
            }
            let certain = answers.is_empty();
            if !answers.next() {
                return Explanation { agrees: false, trace: certain.then_some(trace) };
            }
        }
        Explanation { agrees: false, trace: None }
    }
}
