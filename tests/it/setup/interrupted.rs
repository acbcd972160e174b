//! Whatever was written when a run ended, the next one completes it.

use super::server::{Cut, Faults};
use super::world::{World, after_a_run, lines, shop};
use serde_json::json;

/// Cuts the connection at one write, and runs again.
fn cut_at(number: usize, cut: Cut) -> (usize, serde_json::Value) {
    let world = World::new(&shop());
    world.server.fail(Faults { cut: Some((number, cut)), ..Faults::default() });
    let said = world.run(&[]).bad();
    assert!(said.contains("it may have been carried out or not; run setup.sh again"), "{said}");
    world.server.fail(Faults::default());
    let out = world.run(&[]).good();
    (lines(&out, "=").len(), world.server.all())
}

#[test]
fn a_run_that_dies_at_any_write_is_completed_by_the_next() {
    let (writes, expected) = (shop().things.len(), after_a_run().all());
    assert_eq!(cut_at(0, Cut::BeforeExecuting), (0, expected.clone()));
    // Dying before a write leaves what dying after the one before it leaves.
    for number in 0..writes {
        assert_eq!(cut_at(number, Cut::AfterExecuting), (number + 1, expected.clone()), "write {number}");
    }
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
