//! Work on many files at once, where there is enough of it to be worth the threads.

use rayon::prelude::*;

/// Below this many bytes of source, starting threads takes longer than the work. Measured; see docs/architecture.md.
pub const WORTH_IT: usize = 300_000;

/// The results in the order of the items.
pub fn map<T: Sync, R: Send>(items: &[T], bytes: usize, work: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    if bytes < WORTH_IT { items.iter().map(work).collect() } else { items.par_iter().map(work).collect() }
}
