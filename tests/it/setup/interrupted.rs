//! Whatever was written when a run ended, the next one completes it.

use super::server::{Cut, Faults};
use super::world::{World, after_a_run, lines, shop};
use serde_json::json;

#[test]
fn a_run_that_dies_at_any_write_is_completed_by_the_next() {
    let world = World::new(&shop());
    let dies = |cut: Cut| {
        world.server.fail(Faults { cut: Some((0, cut)), ..Faults::default() });
        let run = world.run(&[]);
        let there = lines(&run.out, "=").len();
        let said = run.bad();
        assert!(said.contains("it may have been carried out or not; run setup.sh again"), "{said}");
        there
    };
    assert_eq!(dies(Cut::BeforeExecuting), 0);
    // Each run finds what those before it have written, and dies behind its own first write. Dying before a write leaves what
    // dying after the one before it leaves.
    for number in 0..shop().things.len() {
        assert_eq!(dies(Cut::AfterExecuting), number, "write {number}");
    }
    assert_eq!(world.server.all(), after_a_run().all());
    world.server.fail(Faults::default());
    assert_eq!(lines(&world.run(&[]).good(), "=").len(), shop().things.len());
    assert_eq!(world.server.writes().len(), 0);
}

#[test]
fn a_change_that_dies_is_completed() {
    let mut described = shop();
    let world = World::made();
    described.body("shop/Build")["queueStatus"] = json!("paused");
    described.body("shop")["variables"]["region"]["value"] = json!("northeurope");
    world.describe(&described);
    for cut in [Cut::BeforeExecuting, Cut::AfterExecuting] {
        world.server.fail(Faults { cut: Some((0, cut)), ..Faults::default() });
        world.run(&[]).bad();
    }
    world.server.fail(Faults::default());
    assert_eq!(lines(&world.run(&[]).good(), "+~"), ["~ pipeline shop/Build (queueStatus)"]);
}
