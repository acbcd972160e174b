//! Steps that start runs of other pipelines, and may wait for them.

use super::engine::{Due, Engine};
use super::eval::At;
use super::event::result_word;
use super::run::{Course, Spot};
use super::system::Step;
use super::timeline::Mark;
use super::used::Use;
use crate::model::expr::Outcome;
use crate::model::steps::queue::Queue;

/// How long a `queue` step waits where nothing is said. Seconds.
const FIVE_HOURS: u64 = 5 * 3600;

impl Engine<'_> {
    pub(super) fn start_queue(&mut self, spot: Spot, index: usize, (step, queue): (&Step<'_>, &Queue)) {
        let pipeline = self.system.index_of(queue.pipeline);
        let at = At::Step(spot);
        let value = |name: &str| step.plan.env.iter().find(|it| it.0 == name).map(|it| self.text(&it.1, at));
        let branch = value("BRANCH");
        let given = step.plan.env.iter().filter_map(|(name, parts)| {
            let name = name.strip_prefix("PARAM_")?.to_lowercase();
            Some((name, self.text(parts, at)))
        });
        let start = self.by_hand(pipeline, branch.as_deref(), &given.collect());
        let cause = format!(
            "by `{}` #{}",
            self.system.name(self.runs[spot.run].pipeline),
            self.runs[spot.run].number
        );
        let course = self.course(spot, index, step);
        self.leg_mut(spot).running = Some((index, course));
        for _ in 0..queue.runs() {
            let Some(run) = self.start(pipeline, start.clone(), &cause, Some(step.plan.source)) else {
                continue;
            };
            if queue.wait {
                self.runs[run].awaited = Some(spot);
                self.leg_mut(spot).waits.insert(run);
            }
        }
        if self.leg(spot).waits.is_empty() {
            self.uses(Use::Course(self.key(spot, index)));
            self.at(course.ends - self.now, Due::Step(spot, index));
        } else {
            self.leg_mut(spot).running = Some((index, Course { result: Outcome::Failed, ..course }));
            let most = step.source.and_then(|it| it.timeout.as_ref()).map_or(FIVE_HOURS, |it| it.value);
            self.at(most, Due::Step(spot, index));
        }
    }

    pub(super) fn awaited_run_ends(&mut self, spot: Spot, run: usize, result: Outcome) {
        let leg = self.leg_mut(spot);
        let Some((index, course)) = leg.running.filter(|_| leg.waits.remove(&run)) else { return };
        leg.waited_badly |= result != Outcome::Succeeded;
        self.hands_on_mishap(spot, run);
        let leg = self.leg_mut(spot);
        if !leg.waits.is_empty() {
            return;
        }
        let ended = if leg.waited_badly { Outcome::Failed } else { Outcome::Succeeded };
        leg.waited_badly = false;
        leg.running = Some((index, Course { result: ended, ..course }));
        let text = format!("the runs it waited for {}", result_word(ended));
        self.say_in(spot.run, spot.stage, Mark::Does, text, None);
        self.at(0, Due::Step(spot, index));
    }
}
