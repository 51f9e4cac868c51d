//! A recording: nodes in the order in which they were computed, and the memory of the reverse sweep.
//!
//! ```text
//! node k:   v̄(i) += v̄(k) · p,   v̄(j) += v̄(k) · q        parents i, j < k,   partials p, q
//! ```
//!
//! A plain node has two parents, always, so that the sweep has no cases ([`sweep`] tells of wide ones, in two slots). What
//! is neither is listed beside: runs of leaves, which have no parents and keep their adjoints, and nodes with many
//! parents, which lie in [`groups`](super::parents).

use std::mem::MaybeUninit;
use std::ops::Range;
use std::panic::Location;

use super::annex::Annex;
use super::external::{Pause, Rule};
use super::operations::{OPERATIONS, Operand, Request};
use super::parents::Groups;
use super::program::Program;
use super::{Var, sweep};

/// Nodes a recording can hold; the bit above is the handle's leaf flag.
pub(super) const NODES_MAX: usize = 1 << 31;

pub(super) const FULL: &str = "a recording holds at most 2^31 nodes; use `sum_of` to record less at once";

/// One recorded operation: 24 bytes.
#[derive(Clone, Copy)]
pub(super) struct Node {
    pub(super) parents: [u32; 2],
    pub(super) partials: [f64; 2],
}

/// What interrupts the run of plain nodes: `nodes` either keep their adjoints (leaves, watched nodes), or have parents in
/// `groups` (many parents, watched nodes), or both, or are the values of a rule, at this place, or of an event.
#[derive(Clone)]
struct Special {
    nodes: Range<u32>,
    groups: Range<u32>,
    keeps: bool,
    rule: Option<u32>,
    /// Of the annex, after the nodes before and with what it made as `nodes`.
    event: Option<u32>,
}

impl Special {
    fn of(nodes: Range<u32>) -> Special {
        Special { nodes, groups: 0..0, keeps: false, rule: None, event: None }
    }
}

/// The memory of one recording. It is reused by the next one.
#[derive(Default)]
pub(super) struct Recording {
    pub(super) id: u32,
    /// Nodes in use. While the recording is the innermost, the thread's header has the true count.
    pub(super) len: u32,
    /// Slots for nodes; a leaf's stays unwritten.
    nodes: Vec<MaybeUninit<Node>>,
    /// The nodes of a recording of operations, which has no others.
    pub(super) program: Program,
    specials: Vec<Special>,
    groups: Groups,
    /// One that is being asked is not here.
    rules: Vec<Option<Box<Rule>>>,
    /// The name of the rule that is being asked: until it returns the recording is out of reach.
    pub(super) asking: Option<&'static str>,
    /// One per node, all zero between sweeps, except while the leaves gather.
    adjoints: Vec<f64>,
    /// The adjoints of the first leaves add up over the recording's lives: the terms of a `sum_of`.
    gathers: bool,
    /// What has gathered there, while another sweep passes.
    gathered: Vec<f64>,
    /// The variables handed to a closure, kept for the next one.
    pub(super) variables: Vec<Var>,
    /// What a layer above keeps here, and whether this recording has used it.
    pub(super) annex: Option<Box<dyn Annex>>,
    pub(super) annexed: bool,
}

impl Recording {
    /// Starts anew under another id, in the same memory.
    pub(super) fn restart(&mut self, id: u32) {
        self.id = id;
        self.len = 0;
        self.gathers = false;
        self.program.clear();
        self.gathered.clear();
        self.specials.clear();
        self.groups.clear();
        self.clear_annex();
        self.reserve(1);
    }

    /// Starts anew under another id with the first `leaves` nodes, which gather.
    pub(super) fn renew(&mut self, id: u32, leaves: u32) {
        self.id = id;
        self.len = leaves;
        self.gathers = true;
        self.specials.truncate(1);
        self.groups.clear();
        self.clear_annex();
    }

    /// From this length on there is no room for a wide node.
    pub(super) fn limit(&self) -> u32 {
        if self.of_operations() || self.asking.is_some() {
            return 0; // not for the fast path
        }
        (self.nodes.len() as u32).saturating_sub(1)
    }

    pub(super) fn nodes_mut(&mut self) -> *mut MaybeUninit<Node> {
        self.nodes.as_mut_ptr()
    }

    pub(super) fn has_room(&self, more: usize) -> bool {
        self.len as usize + more + 2 <= NODES_MAX
    }

    /// The memory in use: nodes and adjoints, and what is listed beside.
    pub(super) fn bytes(&self) -> usize {
        if self.of_operations() {
            return self.program.bytes();
        }
        let node = size_of::<Node>() + size_of::<f64>();
        let annex = if self.annexed { self.annex.as_ref().map_or(0, |annex| annex.bytes()) } else { 0 };
        self.len as usize * node + self.specials.len() * size_of::<Special>() + self.groups.bytes() + annex
    }

    /// Makes room for `more` slots, and for a wide node after them.
    pub(super) fn reserve(&mut self, more: usize) {
        let needed = self.len as usize + more + 2;
        assert!(self.has_room(more), "downhill: {FULL}");
        if needed > self.nodes.len() {
            let slots = needed.next_power_of_two().clamp(256, NODES_MAX);
            self.nodes.resize(slots, MaybeUninit::uninit());
        }
    }

    /// Records a plain node and returns its number.
    pub(super) fn push(&mut self, node: Node) -> u32 {
        self.reserve(1);
        self.nodes[self.len as usize].write(node);
        self.len += 1;
        self.len - 1
    }

    pub(super) fn of_operations(&self) -> bool {
        self.id & OPERATIONS != 0
    }

    pub(super) fn operate(&mut self, request: &Request, x: Operand, y: Operand) -> u32 {
        let node = request.carry_out(x, y, &mut self.program);
        self.len = node + 1;
        node
    }

    /// Records `count` leaves and returns the number of the first.
    pub(super) fn push_leaves(&mut self, count: usize) -> u32 {
        if self.of_operations() {
            self.program.push_arguments(count);
            self.len += count as u32;
            return self.len - count as u32;
        }
        self.reserve(count);
        let first = self.len;
        self.len += count as u32;
        match self.specials.last_mut() {
            Some(last) if last.keeps && last.groups.is_empty() && last.nodes.end == first => {
                last.nodes.end = self.len
            }
            _ => self.specials.push(Special { keeps: true, ..Special::of(first..self.len) }),
        }
        first
    }

    /// Records leaves whose values and line are kept where operations are.
    pub(super) fn push_leaves_at(&mut self, values: &[f64], place: &'static Location<'static>) -> u32 {
        let first = self.push_leaves(values.len());
        if self.of_operations() {
            self.program.set(first, values, place);
        }
        first
    }

    /// Records a node with the parents that `push` adds; one that `keeps` its adjoint can be asked for it later.
    pub(super) fn push_many(&mut self, push: impl FnOnce(&mut Groups), keeps: bool) -> u32 {
        self.reserve(1);
        let start = self.groups.len();
        push(&mut self.groups);
        self.len += 1;
        let (nodes, groups) = (self.len - 1..self.len, start..self.groups.len());
        self.specials.push(Special { groups, keeps, ..Special::of(nodes) });
        self.len - 1
    }

    /// Records the values of a rule, and returns the number of the first.
    pub(super) fn push_rule(&mut self, rule: Rule) -> u32 {
        self.reserve(rule.values() as usize);
        let first = self.len;
        self.len += rule.values();
        let place = Some(self.rules.len() as u32);
        self.rules.push(Some(Box::new(rule)));
        self.specials.push(Special { rule: place, ..Special::of(first..self.len) });
        first
    }

    /// Notes an event of the annex, which has made variables of `values`.
    pub(super) fn push_event(&mut self, event: u32, values: &[f64], place: &'static Location<'static>) {
        if self.of_operations() {
            self.program.push_event(event, values, place);
            self.len += 1 + values.len() as u32;
            return;
        }
        self.reserve(values.len());
        let first = self.len;
        self.len += values.len() as u32;
        self.specials.push(Special { event: Some(event), ..Special::of(first..self.len) });
    }

    /// The operations, with what the annex has to do with them.
    pub(super) fn take_program(&mut self) -> Program {
        let mut program = std::mem::take(&mut self.program);
        if std::mem::take(&mut self.annexed) {
            program.annex = self.annex.take();
        }
        program
    }

    /// Moves the rules elsewhere: they are the caller's, and what their end does must not meet the recording.
    pub(super) fn move_rules(&mut self, to: &mut Vec<Option<Box<Rule>>>) {
        if !self.rules.is_empty() {
            to.append(&mut self.rules);
        }
    }

    /// Sets aside what has gathered at the first leaves, for the length of another sweep.
    pub(super) fn set_aside(&mut self) {
        self.cover();
        self.gathered.clear();
        let Some(first) = self.specials.first() else {
            return;
        };
        if self.gathers && first.nodes.start == 0 {
            let leaves = &mut self.adjoints[..first.nodes.end as usize];
            self.gathered.extend_from_slice(leaves);
            leaves.fill(0.0);
        }
    }

    /// Hands out the adjoints of the nodes that keep theirs, and puts what was set aside back.
    pub(super) fn hand_out(&mut self, sink: impl FnMut(&Range<u32>, &[f64])) {
        self.drain_kept(sink);
        if !self.gathered.is_empty() {
            self.adjoints[..self.gathered.len()].copy_from_slice(&self.gathered);
            self.gathered.clear();
        }
    }

    /// Forgets a sweep that a panic has ended, but for what was set aside.
    pub(super) fn abandon_sweep(&mut self) {
        self.adjoints.fill(0.0);
        self.adjoints[..self.gathered.len()].copy_from_slice(&self.gathered);
        self.gathered.clear();
    }

    /// Makes an adjoint for every node.
    fn cover(&mut self) {
        if self.adjoints.len() < self.len as usize {
            self.adjoints.resize(self.len as usize, 0.0);
        }
    }

    /// Runs the adjoints from node `output`, whose own is `seed`, down to the nodes that keep theirs, or to the first rule.
    ///
    /// Adjoints are zeroed as they are read, so that the next sweep finds them zero.
    pub(super) fn sweep(&mut self, output: u32, seed: f64) -> Option<Pause> {
        self.cover();
        if self.annexed
            && let Some(annex) = &mut self.annex
        {
            annex.start_sweep();
        }
        self.adjoints[output as usize] += seed;
        let mut specials = self.specials.len();
        // An event without nodes of its own comes before the node that has its number.
        while specials > 0 && self.specials[specials - 1].nodes.start > output {
            specials -= 1;
        }
        self.sweep_below(output + 1, specials)
    }

    /// Goes on after a pause.
    pub(super) fn sweep_on(&mut self, (place, end, specials): (usize, u32, usize)) -> Option<Pause> {
        if let Some(rule) = &self.rules[place] {
            rule.give(&mut self.adjoints[..end as usize]);
        }
        self.sweep_below(end, specials)
    }

    fn sweep_below(&mut self, mut end: u32, specials: usize) -> Option<Pause> {
        for index in (0..specials).rev() {
            let special = self.specials[index].clone();
            sweep::run(&self.nodes[..self.len as usize], &mut self.adjoints, special.nodes.end, end);
            end = special.nodes.start;
            if let (Some(event), Some(annex)) = (special.event, &mut self.annex) {
                annex.back(event, &mut self.adjoints[..special.nodes.end as usize]);
                continue;
            }
            match special.rule {
                None => self.sweep_special(&special),
                Some(place) => {
                    if let Some(rule) = self.lend(place as usize, &special.nodes) {
                        return Some(Pause { end, specials: index, place: place as usize, rule: Some(rule) });
                    }
                }
            }
        }
        None
    }

    /// The rule at this place with the adjoints of its values, unless they are all zero. The recording is out of reach
    /// until it returns.
    #[cold]
    fn lend(&mut self, place: usize, values: &Range<u32>) -> Option<Box<Rule>> {
        let adjoints = &mut self.adjoints[values.start as usize..values.end as usize];
        let rule = self.rules[place].take_if(|rule| rule.take(adjoints))?;
        self.asking = Some(rule.name());
        Some(rule)
    }

    pub(super) fn return_rule(&mut self, place: usize, rule: Option<Box<Rule>>) {
        self.rules[place] = rule;
        self.asking = None;
    }

    /// One node with parents in groups; leaves have none.
    fn sweep_special(&mut self, special: &Special) {
        let (before, from) = self.adjoints.split_at_mut(special.nodes.start as usize);
        let adjoint = from[0];
        if special.groups.is_empty() || adjoint == 0.0 {
            return;
        }
        if !special.keeps {
            from[0] = 0.0;
        }
        self.groups.flow(&special.groups, adjoint, before);
    }

    /// Hands out the adjoints of the nodes that keep theirs, run by run, and zeroes them.
    pub(super) fn drain_kept(&mut self, mut sink: impl FnMut(&Range<u32>, &[f64])) {
        self.cover();
        for special in self.specials.iter().filter(|special| special.keeps) {
            let kept = &mut self.adjoints[special.nodes.start as usize..special.nodes.end as usize];
            sink(&special.nodes, kept);
            kept.fill(0.0);
        }
    }

    /// Zeroes what watched nodes keep: only the first run, the arguments, gathers.
    pub(super) fn forget_watched(&mut self) {
        for special in self.specials.iter().skip(1).filter(|special| special.keeps) {
            self.adjoints[special.nodes.start as usize..special.nodes.end as usize].fill(0.0);
        }
    }

    /// Forgets what a panic left behind.
    pub(super) fn clear_adjoints(&mut self) {
        self.adjoints.clear();
    }
}
