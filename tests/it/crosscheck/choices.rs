//! Choices by chance that can be made again: a case is the list of its choices, and a smaller list is a simpler case.

pub struct Choices {
    given: Vec<u32>,
    taken: Vec<u32>,
    /// Of what throws the dice once the given choices are used up; none: always the first.
    seed: Option<u64>,
}

impl Choices {
    pub fn seeded(seed: u64) -> Choices {
        let mixed = (seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Choices { given: Vec::new(), taken: Vec::new(), seed: Some(mixed) }
    }

    pub fn again(given: Vec<u32>) -> Choices {
        Choices { given, taken: Vec::new(), seed: None }
    }

    /// A number below `end`; 0 is what is simplest.
    pub fn below(&mut self, end: u32) -> u32 {
        let thrown = match (self.given.get(self.taken.len()), &mut self.seed) {
            (Some(given), _) => *given,
            (None, None) => 0,
            (None, Some(state)) => {
                *state =
                    state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                u32::try_from(*state >> 33).expect("31 bits are left")
            }
        };
        let choice = thrown % end;
        self.taken.push(choice);
        choice
    }

    /// True once in `of` times.
    pub fn once_in(&mut self, of: u32) -> bool {
        self.below(of) == of - 1
    }

    pub fn one<'l, T>(&mut self, of: &'l [T]) -> &'l T {
        let end = u32::try_from(of.len()).expect("few things are chosen from");
        &of[self.below(end) as usize]
    }

    /// Some of them, in their order.
    pub fn some<'l, T>(&mut self, of: &'l [T], one_in: u32) -> Vec<&'l T> {
        of.iter().filter(|_| self.once_in(one_in)).collect()
    }

    pub fn taken(self) -> Vec<u32> {
        self.taken
    }
}

/// Tries of [`shrink`].
const TRIES: usize = 600;

/// A list for which `fails` still holds, with as little in it as some tries find.
pub fn shrink(mut choices: Vec<u32>, fails: impl Fn(&[u32]) -> bool) -> Vec<u32> {
    let tries = std::cell::Cell::new(0);
    let fails = |it: &[u32]| {
        tries.set(tries.get() + 1);
        tries.get() < TRIES && fails(it)
    };
    loop {
        let before = choices.clone();
        for length in [64, 16, 8, 4, 2, 1] {
            let mut at = 0;
            while at + length <= choices.len() {
                let mut shorter = choices.clone();
                shorter.drain(at..at + length);
                let mut simpler = choices.clone();
                simpler[at..at + length].fill(0);
                if fails(&shorter) {
                    choices = shorter;
                } else if simpler != choices && fails(&simpler) {
                    choices = simpler;
                } else {
                    at += length;
                }
            }
        }
        if choices == before {
            return choices;
        }
    }
}

#[test]
fn a_failing_case_gets_small() {
    let fails = |it: &[u32]| it.contains(&7) && it.iter().sum::<u32>() > 10;
    let small = shrink((0..50).collect(), fails);
    assert!(fails(&small) && small.len() <= 2, "{small:?}");
}
