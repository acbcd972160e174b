//! What goes otherwise than well, and how the timeline is printed.

use super::Format;
use crate::cli::session::OptionArgs;
use crate::simulate::event::Event;
use crate::simulate::given::Verdict;
use crate::simulate::names::Misfit;
use crate::simulate::unused::Word;
use crate::simulate::{Scenario, System, words};
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
pub struct With {
    /// The project's folder, or a file of it; without it the current folder
    #[arg(long, value_name = "PATH")]
    pub project: Option<PathBuf>,
    /// How the timeline is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// This stage, job or step fails: `train.artifacts`, or `artifacts` where only one pipeline has it
    #[arg(long, value_name = "NAME", help_heading = "How it goes")]
    fail: Vec<String>,
    /// This one ends with issues
    #[arg(long, value_name = "NAME", help_heading = "How it goes")]
    issues: Vec<String>,
    /// An output has this value
    #[arg(long, value_name = "STAGE.STEP.OUTPUT=VALUE", help_heading = "How it goes")]
    output: Vec<String>,
    /// A variable of a group has this value
    #[arg(long, value_name = "NAME=VALUE", help_heading = "How it goes")]
    var: Vec<String>,
    /// A stage, job or step takes so long
    #[arg(long, value_name = "NAME=DURATION", help_heading = "How it goes")]
    takes: Vec<String>,
    /// People grant this approval after so long
    #[arg(long, value_name = "APPROVAL=DURATION", help_heading = "How it goes")]
    grant: Vec<String>,
    /// People reject this approval
    #[arg(long, value_name = "APPROVAL", help_heading = "How it goes")]
    reject: Vec<String>,
    /// Nobody answers this approval
    #[arg(long, value_name = "APPROVAL", help_heading = "How it goes")]
    timeout: Vec<String>,
    /// Somebody cancels the first run of this pipeline, so long after it started
    #[arg(long, value_name = "PIPELINE=DURATION", help_heading = "How it goes")]
    cancel: Vec<String>,
    /// The event happens again so long after the first time; may be said several times
    #[arg(long, value_name = "DURATION", help_heading = "How it goes")]
    again: Vec<String>,
    /// When the event happens, in UTC: `2026-01-05 09:00`
    #[arg(long, value_name = "MOMENT", help_heading = "How it goes")]
    start: Option<String>,
    /// How far to look
    #[arg(long, value_name = "DURATION", help_heading = "How it goes")]
    until: Option<String>,
    #[command(flatten)]
    pub options: OptionArgs,
}

impl With {
    /// All of it that a run may ask for.
    pub fn said(&self) -> Vec<Word<'_>> {
        let answers = self.grant.iter().chain(&self.reject).chain(&self.timeout);
        let fails = self.fail.iter().map(|it| Word::Ends(it, "failed"));
        let issues = self.issues.iter().map(|it| Word::Ends(it, "succeeded_with_issues"));
        let rest = self.output.iter().map(|it| Word::Output(it));
        let rest = rest.chain(self.var.iter().map(|it| Word::Variable(it)));
        let rest = rest.chain(self.takes.iter().map(|it| Word::Takes(it)));
        let rest = rest.chain(answers.map(|it| Word::Answer(it)));
        fails.chain(issues).chain(rest).chain(self.cancel.iter().map(|it| Word::Cancel(it))).collect()
    }

    pub fn scenario(&self, event: &Event, system: &System<'_>) -> Result<Scenario, Misfit> {
        use crate::simulate::event::Result as Ends;
        let mut scenario = Scenario::of(event.clone());
        let given = &mut scenario.given;
        self.fail.iter().try_for_each(|it| given.result_of(system, it, Ends::Failed))?;
        self.issues.iter().try_for_each(|it| given.result_of(system, it, Ends::SucceededWithIssues))?;
        self.output.iter().try_for_each(|it| given.output(system, it))?;
        self.var.iter().try_for_each(|it| given.variable(system, it))?;
        self.takes.iter().try_for_each(|it| given.takes(system, it))?;
        self.grant.iter().try_for_each(|it| given.granted(system, it))?;
        self.reject.iter().try_for_each(|it| given.say_answer(system, it, Verdict::Reject, None))?;
        self.timeout.iter().try_for_each(|it| given.say_answer(system, it, Verdict::Silent, None))?;
        self.cancel.iter().try_for_each(|it| given.canceled(system, it))?;
        for again in &self.again {
            let after = words::duration(again)?;
            if after == 0 {
                let message = format!("`{again}` is when it happens first");
                return Err(Misfit { at: 0, message, help: "write how long after that: `10m`".to_owned() });
            }
            scenario.events.push((after, event.later(after)));
        }
        scenario.events.sort_by_key(|it| it.0);
        scenario.start = self.start.as_deref().map(words::moment).transpose()?;
        if let Some(until) = &self.until {
            scenario.until = words::duration(until)?;
        }
        Ok(scenario)
    }
}
