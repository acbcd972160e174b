//! What can happen in a pipeline, whatever the outcomes are: for each stage and job the set of its possible results, and whether it
//! can run at all. A value that is not known may be anything, and values are taken as independent, so that more is held possible
//! than is: what is not possible here never happens. One pass over stages, jobs and conditions.

use crate::model::expr::Outcome;
use crate::model::project::OnTimeout;
use crate::plan::term::{Function, Producer, Term};
use crate::simulate::system::{Gate, Job, Pipeline, Role, Stage, System};

/// A set of results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) struct Results(u8);

/// Whether a condition can hold, and whether it can fail to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Truth {
    yes: bool,
    no: bool,
}

const BOTH: Truth = Truth { yes: true, no: true };
const WELL: Results = Results(bit(Outcome::Succeeded) | bit(Outcome::SucceededWithIssues));
const ALL: Results = Results(0b1_1111);

const fn bit(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Succeeded => 1,
        Outcome::SucceededWithIssues => 2,
        Outcome::Failed => 4,
        Outcome::Canceled => 8,
        Outcome::Skipped => 16,
    }
}

impl Results {
    const fn of(outcome: Outcome) -> Results {
        Results(bit(outcome))
    }

    fn has(self, outcome: Outcome) -> bool {
        self.0 & bit(outcome) != 0
    }

    fn meets(self, other: Results) -> bool {
        self.0 & other.0 != 0
    }

    fn or(self, other: Results) -> Results {
        Results(self.0 | other.0)
    }

    fn without(self, other: Results) -> Results {
        Results(self.0 & !other.0)
    }
}

/// By stage; of each, by job.
#[derive(Debug)]
pub(super) struct Possible {
    pub stages: Vec<Results>,
    /// Whether a stage's condition can hold.
    pub reached: Vec<bool>,
    pub jobs: Vec<Vec<Results>>,
    /// Whether a job can run.
    pub runs: Vec<Vec<bool>>,
}

/// What people say when they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Consent {
    Never,
    /// Nor do they stay silent where silence counts as consent.
    Refused,
    /// They may agree.
    Given,
    /// They may agree, but in this stage.
    NotIn(usize),
}

impl Consent {
    fn is_given(self, stage: usize) -> bool {
        match self {
            Consent::Never | Consent::Refused => false,
            Consent::Given => true,
            Consent::NotIn(it) => it != stage,
        }
    }
}

pub(super) fn of(system: &System<'_>, pipeline: &Pipeline<'_>, consent: Consent) -> Possible {
    let count = pipeline.stages.len();
    let mut cx = Cx {
        system,
        pipeline,
        consent,
        found: Possible {
            stages: vec![ALL; count],
            reached: vec![false; count],
            jobs: pipeline.stages.iter().map(|it| vec![ALL; it.jobs.len()]).collect(),
            runs: pipeline.stages.iter().map(|it| vec![false; it.jobs.len()]).collect(),
        },
    };
    let depends: Vec<&[usize]> = pipeline.stages.iter().map(|it| it.depends_on.as_slice()).collect();
    for stage in in_order(&depends) {
        cx.stage(stage, &pipeline.stages[stage]);
    }
    cx.found
}

/// What others wait for comes first; what waits for itself comes last.
fn in_order(depends: &[&[usize]]) -> Vec<usize> {
    let mut waits: Vec<usize> = depends.iter().map(|it| it.len()).collect();
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); depends.len()];
    for (index, needs) in depends.iter().enumerate() {
        needs.iter().for_each(|it| behind[*it].push(index));
    }
    let mut order: Vec<usize> = (0..depends.len()).filter(|it| waits[*it] == 0).collect();
    let mut at = 0;
    while let Some(next) = order.get(at).copied() {
        at += 1;
        for after in &behind[next] {
            waits[*after] -= 1;
            if waits[*after] == 0 {
                order.push(*after);
            }
        }
    }
    order
}

struct Cx<'s, 'a> {
    system: &'s System<'a>,
    pipeline: &'s Pipeline<'a>,
    consent: Consent,
    found: Possible,
}

/// Where a condition stands: a stage, or a job of one.
#[derive(Clone, Copy)]
struct At {
    stage: usize,
    job: Option<usize>,
}

impl Cx<'_, '_> {
    fn stage(&mut self, index: usize, stage: &Stage<'_>) {
        let truth = self.truth(&stage.plan.condition, At { stage: index, job: None });
        self.found.reached[index] = truth.yes;
        let skipped = Results::of(Outcome::Skipped);
        if !truth.yes {
            self.found.stages[index] = skipped;
            self.found.jobs[index] = vec![skipped; stage.jobs.len()];
            return;
        }
        let asked = stage.gates.iter().any(|it| matches!(it, Gate::Approval(..)));
        let refused = Results(bit(Outcome::Failed) | bit(Outcome::Skipped) | bit(Outcome::Canceled));
        let mut results = if truth.no { skipped } else { Results::default() };
        if asked && !self.consent.is_given(index) {
            self.found.jobs[index] = vec![skipped; stage.jobs.len()];
            self.found.stages[index] = results.or(refused);
            return;
        }
        if !stage.gates.is_empty() {
            results = results.or(refused);
        }
        let depends: Vec<&[usize]> = stage.jobs.iter().map(|it| it.depends_on.as_slice()).collect();
        for job in in_order(&depends) {
            self.job((index, job), &stage.jobs[job]);
        }
        self.found.stages[index] =
            results.or(together(&self.found.jobs[index])).or(Results::of(Outcome::Canceled));
    }

    fn job(&mut self, (stage, index): (usize, usize), job: &Job<'_>) {
        let truth = self.truth(&job.plan.condition, At { stage, job: Some(index) });
        let skipped = Results::of(Outcome::Skipped);
        let asks = job.steps.iter().find_map(|it| match it.role {
            Role::Ask(approval) => Some(approval),
            _ => None,
        });
        let resumes = self.consent != Consent::Refused
            && asks.is_some_and(|it| self.system.project.approvals[it].on_timeout == OnTimeout::Resume);
        let ends = match asks {
            Some(_) if !self.consent.is_given(stage) && !resumes => {
                Results(bit(Outcome::Failed) | bit(Outcome::Canceled))
            }
            _ => ALL.without(skipped),
        };
        self.found.runs[stage][index] = truth.yes;
        self.found.jobs[stage][index] = match (truth.yes, truth.no) {
            (true, true) => ends.or(skipped),
            (true, false) => ends,
            (false, _) => skipped,
        };
    }

    fn truth(&self, term: &Term, at: At) -> Truth {
        match term {
            Term::Bool(it) => Truth { yes: *it, no: !it },
            Term::Call(function, arguments) => self.call(*function, arguments, at),
            Term::Number(_)
            | Term::Text(_)
            | Term::Variable(_)
            | Term::Parameter { .. }
            | Term::Result(_) => BOTH,
            Term::Output(output) => Truth { yes: self.sets(&output.producer, at), no: true },
        }
    }

    fn call(&self, function: Function, arguments: &[Term], at: At) -> Truth {
        let each = || arguments.iter().map(|it| self.truth(it, at));
        match function {
            Function::And => Truth { yes: each().all(|it| it.yes), no: each().any(|it| it.no) },
            Function::Or => Truth { yes: each().any(|it| it.yes), no: each().all(|it| it.no) },
            Function::Not => each().next().map_or(BOTH, |it| Truth { yes: it.no, no: it.yes }),
            Function::Equal | Function::In => self.is_among(arguments, at),
            Function::NotEqual => {
                let equal = self.is_among(arguments, at);
                Truth { yes: equal.no, no: equal.yes }
            }
            Function::Always => Truth { yes: true, no: false },
            Function::Succeeded => Truth { yes: self.before(at).all(|it| it.meets(WELL)), no: true },
            Function::Failed => Truth {
                yes: self.before(at).any(|it| it.has(Outcome::Failed)),
                no: self.before(at).all(|it| it.without(Results::of(Outcome::Failed)) != Results::default()),
            },
            Function::If => {
                let [condition, then, otherwise] = arguments else { return BOTH };
                let (condition, then, otherwise) =
                    (self.truth(condition, at), self.truth(then, at), self.truth(otherwise, at));
                Truth {
                    yes: (condition.yes && then.yes) || (condition.no && otherwise.yes),
                    no: (condition.yes && then.no) || (condition.no && otherwise.no),
                }
            }
            // People may cancel at any time; the others are about values.
            Function::Canceled
            | Function::SucceededOrFailed
            | Function::Less
            | Function::LessOrEqual
            | Function::Greater
            | Function::GreaterOrEqual
            | Function::Format
            | Function::Lower
            | Function::Replace
            | Function::StartsWith
            | Function::Contains => BOTH,
        }
    }

    /// A result that is one of some words; an output that is one of some texts, if it is ever set.
    fn is_among(&self, arguments: &[Term], at: At) -> Truth {
        let Some((subject, words)) = arguments.split_first() else { return BOTH };
        match subject {
            Term::Result(producer) => {
                let Some(possible) = self.results(producer, at) else { return BOTH };
                if !words.iter().all(|it| matches!(it, Term::Text(_))) {
                    return BOTH;
                }
                let wanted = words.iter().fold(Results::default(), |all, it| all.or(named(it)));
                Truth { yes: possible.meets(wanted), no: possible.without(wanted) != Results::default() }
            }
            Term::Output(output) => {
                let some = words.iter().any(|it| !matches!(it, Term::Text(it) if it.is_empty()));
                Truth { yes: !some || self.sets(&output.producer, at), no: true }
            }
            _ => BOTH,
        }
    }

    /// Whether the job can come so far that it sets its outputs.
    fn sets(&self, producer: &Producer, at: At) -> bool {
        let skipped = Results::of(Outcome::Skipped);
        self.results(producer, at).is_none_or(|it| it.without(skipped) != Results::default())
    }

    /// `None`: a stage of an existing template.
    fn results(&self, producer: &Producer, at: At) -> Option<Results> {
        let stage = match &producer.stage {
            Some(name) => *self.pipeline.by_name.get(name.as_str())?,
            None => at.stage,
        };
        match &producer.job {
            None => Some(self.found.stages[stage]),
            Some(name) => {
                let job = *self.pipeline.stages[stage].by_name.get(name.as_str())?;
                Some(self.found.jobs[stage][job])
            }
        }
    }

    fn before(&self, at: At) -> Box<dyn Iterator<Item = Results> + '_> {
        let stage = &self.pipeline.stages[at.stage];
        match at.job {
            None => Box::new(stage.before.iter().map(|it| self.found.stages[*it])),
            Some(job) => {
                Box::new(stage.jobs[job].before.iter().map(move |it| self.found.jobs[at.stage][*it]))
            }
        }
    }
}

fn named(word: &Term) -> Results {
    let Term::Text(word) = word else { return ALL };
    let all = [
        Outcome::Succeeded,
        Outcome::SucceededWithIssues,
        Outcome::Failed,
        Outcome::Canceled,
        Outcome::Skipped,
    ];
    let found = all.into_iter().find(|it| crate::simulate::eval::word(*it).eq_ignore_ascii_case(word));
    found.map_or(Results::default(), Results::of)
}

/// A stage of these jobs.
fn together(jobs: &[Results]) -> Results {
    let any = |outcome: Outcome| jobs.iter().any(|it| it.has(outcome));
    let quiet = |allowed: Results| jobs.iter().all(|it| it.meets(allowed));
    let skipped = Results::of(Outcome::Skipped);
    let mut found = 0;
    for outcome in [Outcome::Failed, Outcome::Canceled] {
        if any(outcome) {
            found |= bit(outcome);
        }
    }
    if quiet(WELL.or(skipped)) {
        found |= if any(Outcome::SucceededWithIssues) { bit(Outcome::SucceededWithIssues) } else { 0 };
        found |= if jobs.is_empty() || any(Outcome::Succeeded) { bit(Outcome::Succeeded) } else { 0 };
    }
    if !jobs.is_empty() && quiet(skipped) {
        found |= bit(Outcome::Skipped);
    }
    Results(found)
}
