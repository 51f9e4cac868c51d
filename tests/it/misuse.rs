//! Every misuse panics at the caller's line and names the mistake; and afterwards the thread computes as before.

mod operators;

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;
use std::{mem, thread};

use downhill::diff::{Closure, Objective};
use downhill::prelude::*;

/// Where a panic was reported, and what it said.
pub(crate) struct Mistake {
    pub(crate) file: String,
    pub(crate) line: u32,
    pub(crate) message: String,
}

thread_local! {
    static WATCHING: Cell<bool> = const { Cell::new(false) };
    static SEEN: RefCell<Option<Mistake>> = const { RefCell::new(None) };
}

/// Installs, once for the whole binary, a hook that notes the panics of threads that are watching. Those of all other
/// threads go to the hook before it, so that tests which fail beside these are still reported.
fn install_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !WATCHING.get() {
                return previous(info);
            }
            let location = info.location().expect("std always passes one");
            let payload = info.payload();
            let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
            let text = text.unwrap_or_else(|| "not a message".to_owned());
            let seen = Mistake { file: location.file().to_owned(), line: location.line(), message: text };
            SEEN.set(Some(seen));
        }));
    });
}

/// The panic of `f`.
#[track_caller]
pub(crate) fn mistake<T>(f: impl FnOnce() -> T) -> Mistake {
    install_hook();
    let before = WATCHING.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(f));
    WATCHING.set(before);
    assert!(outcome.is_err(), "a misuse went unnoticed");
    SEEN.take().expect("the hook ran")
}

/// Checks a mistake's line and words, and that a gradient taken afterwards on this thread is right.
#[track_caller]
pub(crate) fn assert_mistake<T>(line: u32, words: &str, f: impl FnOnce() -> T) {
    let Mistake { file, line: reported, message } = mistake(f);
    assert!(message.contains("downhill: ") && message.contains(words), "not about {words:?}: {message}");
    assert_eq!(
        (file.as_str(), reported),
        (panic::Location::caller().file(), line),
        "the place of: {message}"
    );
    assert_alive();
}

/// For tests that leave a recording behind, or need a thread without any.
fn on_a_thread_of_its_own(f: impl FnOnce() + Send + 'static) {
    if let Err(failure) = thread::spawn(f).join() {
        panic::resume_unwind(failure);
    }
}

/// The thread's recordings are in order: two nodes, a node with many parents, and nothing left over from before.
#[track_caller]
fn assert_alive() {
    let polynomial = |x: &[Var]| x[0] * x[1] * x[2] + x.iter().sum::<Var>();
    assert_eq!(gradient(polynomial, &[2.0, 3.0, 5.0]), [16.0, 11.0, 7.0]);
}

const ENDED: &str = "a variable of a recording that has ended";
const FOREIGN: &str = "a variable of another thread";
const BOTH_LIVE: &str = "two recordings that are both live";

fn ended() -> [Var; 2] {
    Tape::new().vars([3.0, 4.0])
}

#[test]
fn a_variable_of_an_ended_recording_is_refused() {
    let [x, y] = ended();
    assert_mistake(line!(), ENDED, || x * y);
    assert_mistake(line!(), ENDED, || x.backward());
    assert_mistake(line!(), ENDED, || x.watch());
    assert_mistake(line!(), ENDED, || gradient(|z| x * z, 1.0));
    assert_mistake(line!(), ENDED, || gradient(|_| x, 1.0));
    let tape = Tape::new();
    let live = tape.var(1.0);
    assert_mistake(line!(), ENDED, || live + x);
    assert_mistake(line!(), ENDED, || x + live);
    assert_mistake(line!(), ENDED, || sum_of(&[x, y], 2, |t, _| t[0] * t[1]));
}

#[test]
fn two_live_recordings_do_not_mix() {
    let outer = Tape::new();
    let x = outer.var(3.0);
    let inner = Tape::new();
    let y = inner.var(4.0);
    assert_mistake(line!(), BOTH_LIVE, || x * y);
    assert_mistake(line!(), BOTH_LIVE, || y * x);
    drop(inner);
    // The recordings themselves are none the worse for it.
    assert_eq!((x * x).backward().wrt(x), 6.0);
}

#[test]
fn a_variable_sent_to_another_thread_is_refused() {
    let tape = Tape::new();
    let foreign = tape.vars([3.0, 4.0]);
    on_a_thread_of_its_own(move || {
        let [x, y] = foreign;
        // With nothing recorded on that thread yet, then beside a recording of its own.
        assert_mistake(line!(), FOREIGN, || x * y);
        let tape = Tape::new();
        let local = tape.var(1.0);
        assert_mistake(line!(), FOREIGN, || x * y);
        assert_mistake(line!(), FOREIGN, || x * local);
        assert_mistake(line!(), FOREIGN, || local * x);
        assert_mistake(line!(), FOREIGN, || x.backward());
        assert_mistake(line!(), FOREIGN, || x.watch());
        assert_mistake(line!(), FOREIGN, || gradient(|_| x, 1.0));
    });
    assert_eq!((foreign[0] * foreign[1]).backward().wrt_slice(&foreign), [4.0, 3.0]);
}

#[test]
fn an_inner_gradient_does_not_capture_an_outer_variable() {
    let slope = |f: fn(Var) -> Var| {
        let tape = Tape::new();
        f(tape.var(3.0))
    };
    assert_mistake(line!(), BOTH_LIVE, || slope(|x| gradient(|y| x * y, 2.0).into()));
    assert_mistake(line!(), BOTH_LIVE, || slope(|x| derivative(|y| y + x, 2.0).into()));
    assert_mistake(line!(), BOTH_LIVE, || slope(|x| directional(|[y]| y + x, [2.0], &[1.0]).into()));
    // The message says what to do instead.
    let said = mistake(|| gradient(|x| gradient(|y| x * y, 2.0).into(), 3.0)).message;
    assert!(said.contains("pass the outer variable in") && said.contains(".value()"), "{said}");
}

#[test]
fn an_objective_does_not_return_an_outer_variable() {
    let tape = Tape::new();
    let x = tape.var(3.0);
    let words = "the objective returned a variable of an outer recording";
    assert_mistake(line!(), words, || gradient(|_| x, 2.0));
    assert_mistake(line!(), words, || gradient(|_| x * x, &[2.0]));
    assert_mistake(line!(), words, || derivative(|_| x, 2.0));
    assert_mistake(line!(), words, || value_and_gradient(|_| x, [2.0]));
    assert_mistake(line!(), words, || value_and_gradient_into(|_| x, [2.0], &mut [0.0]));
    assert_mistake(line!(), words, || directional(|_| x, [2.0], &[0.0]));
    assert_mistake(line!(), words, || check_gradient(|_| x, [2.0]));
    let words = "a term of `sum_of` returned a variable of an outer";
    assert_mistake(line!(), words, || sum_of(&[x], 1, |_, _| x));
}

#[test]
fn gradients_are_asked_for_variables_of_their_own_recording_only() {
    let tape = Tape::new();
    let [x, y] = tape.vars([3.0, 4.0]);
    let g = (x * y).backward();
    for intermediate in [x + 0.0, -x, x * y, x.max(0.0), [x].iter().sum(), statement([x], |[x]| x)] {
        assert_mistake(line!(), ".watch()`", || g.wrt(intermediate));
        assert_mistake(line!(), "an intermediate", || g[intermediate]);
        assert_mistake(line!(), "an intermediate", || g.wrt_slice(&[x, intermediate]));
    }
    assert_mistake(line!(), "a constant", || g.wrt(Var::from(3.0)));
    assert_mistake(line!(), "a constant", || g[x.detach()]);
    assert_mistake(line!(), "a constant", || Var::from(1.0).backward().wrt(Var::from(1.0)));
    let inner = Tape::new();
    let z = inner.var(1.0);
    assert_mistake(line!(), "a variable of another recording", || g.wrt(z));
    assert_mistake(line!(), "a variable of another recording", || g.wrt_slice(&[x, z]));
    drop(inner);
    assert_mistake(line!(), "a variable of another recording", || g.wrt(z));
    assert_eq!(g.wrt_slice(&[x, y]), [4.0, 3.0]);
}

#[test]
fn nothing_leaks_out_of_a_term_of_a_sum() {
    let tape = Tape::new();
    let theta = tape.vars([2.0, 3.0]);
    let leaked = Cell::new(Var::from(0.0));
    let leak = |t: &[Var]| {
        leaked.set(t[0] * t[1]);
        t[0]
    };
    let next = |later: fn(Var, Var) -> Var| {
        let here = line!() + 1;
        (here, sum_of(&theta, 2, |t, i| if i == 0 { leak(t) } else { later(t[0], leaked.get()) }))
    };
    assert_mistake(line!(), ENDED, || next(|x, leaked| x * leaked));
    assert_mistake(line!(), ENDED, || next(|_, leaked| leaked.watch()));
    assert_mistake(line!(), ENDED, || next(|x, leaked| sum_of(&[x, leaked], 1, |t, _| t[0])));
    // Returned from the next term it is `sum_of` that notices.
    let (line, _) = next(|x, _| x);
    assert_mistake(line, ENDED, || next(|_, leaked| leaked));
    let sum = sum_of(&theta, 1, |t, _| leak(t));
    let leaked = leaked.get();
    assert_mistake(line!(), ENDED, || sum * leaked);
    assert_mistake(line!(), ENDED, || leaked.backward());
    assert_eq!(sum.backward().wrt_slice(&theta), [1.0, 0.0]);
}

#[test]
fn a_term_of_a_sum_does_not_use_an_outer_variable() {
    let tape = Tape::new();
    let [x, y] = tape.vars([2.0, 3.0]);
    assert_mistake(line!(), BOTH_LIVE, || sum_of(&[x], 3, |t, _| t[0] * x));
    assert_mistake(line!(), BOTH_LIVE, || sum_of(&[x], 3, |t, _| y + t[0]));
    let inner = Tape::new();
    let z = inner.var(1.0);
    assert_mistake(line!(), BOTH_LIVE, || sum_of(&[x, z], 3, |t, _| t[0] * t[1]));
    for n in [1, 5, 50] {
        assert_mistake(line!(), BOTH_LIVE, || dot(&vec![x; n], &vec![z; n]));
        assert_mistake(line!(), BOTH_LIVE, || dot(&[vec![x; n], vec![z]].concat(), &vec![1.0; n + 1]));
    }
    drop(inner);
    assert_mistake(line!(), ENDED, || dot(&[x, z, x], &[z, x, z]));
    assert_mistake(line!(), ENDED, || dot(&[z; 9], &[1.0; 9]));
    assert_eq!(sum_of(&[x, y], 3, |t, _| t[0] * t[1]).backward().wrt_slice(&[x, y]), [9.0, 6.0]);
}

#[test]
fn guards_dropped_out_of_order_end_both_recordings() {
    let (made, outer) = (line!(), Tape::new());
    let inner = Tape::new();
    let (x, y) = (outer.vars([1.0, 2.0]), inner.vars([3.0, 4.0]));
    // A destructor has no caller, the compiler's glue calls it: so the message names the place of `Tape::new`.
    let Mistake { message, .. } = mistake(|| drop(outer));
    let made = format!("the `Tape` made at {}:{made}:", file!());
    assert!(message.contains(&made), "{message}");
    assert!(message.contains("was dropped while one made after it was still alive"), "{message}");
    assert_alive();
    assert_mistake(line!(), ENDED, || x[0] * x[1]);
    assert_mistake(line!(), ENDED, || y[0] * y[1]);
    assert_mistake(line!(), ENDED, || inner.var(1.0));
    // The guard that is left has nothing to end, and keeps quiet.
    drop(inner);
    assert_alive();
}

#[test]
fn a_recording_that_ended_during_its_own_evaluation_is_noticed() {
    // A guard from outside, dropped inside, ends the evaluation with it; its panic, if caught, must not leave a gradient
    // of zeros behind.
    let mut guard = Some(Tape::new());
    let zeros = |guard: &mut Option<Tape>| {
        gradient(
            |x| {
                mistake(|| drop(guard.take()));
                x * x
            },
            3.0,
        )
    };
    let Mistake { message, .. } = mistake(|| zeros(&mut guard));
    assert!(message.contains(ENDED), "{message}");
    assert_alive();
}

#[test]
fn lengths_that_do_not_fit_are_refused() {
    let tape = Tape::new();
    let x = tape.vars(&[1.0, 2.0, 3.0]);
    assert_mistake(line!(), "`dot` was given 3 and 2", || dot(&x, &[1.0, 2.0]));
    assert_mistake(line!(), "`dot` was given 0 and 3", || dot::<Var, _>(&[], &x));
    let bowl = |x: &[Var]| dot(x, x);
    let at = [1.0, 2.0, 3.0];
    for room in [0, 2, 4] {
        let words = format!("the gradient of 3 variables needs room for 3 numbers, and was given {room}");
        assert_mistake(line!(), &words, || value_and_gradient_into(bowl, &at, &mut vec![0.0; room]));
        let words = format!("a direction for 3 variables needs 3 components, and has {room}");
        assert_mistake(line!(), &words, || directional(bowl, &at, &vec![0.0; room]));
    }
}

#[test]
fn an_objective_made_of_a_closure_refuses_lengths_that_do_not_fit() {
    for room in [1, 3] {
        let mut bowl = Closure::new(|[x, y]| x * x + y * y, [0.0; 2]);
        let mut g = vec![0.0; room];
        assert_mistake(line!(), "gradient", || bowl.value_and_gradient(&[3.0, 4.0], &mut g));
    }
}

#[test]
fn crossed_or_unordered_bounds_are_refused() {
    let tape = Tape::new();
    let x = tape.var(1.0);
    let words = "`clamp` was given the bounds";
    assert_mistake(line!(), words, || x.clamp(1.0, 0.0));
    assert_mistake(line!(), words, || x.clamp(x + 1.0, x));
    assert_mistake(line!(), words, || x.clamp(f64::NAN, 0.0));
    assert_mistake(line!(), words, || Dual::variable(1.0).clamp(1.0, 0.0));
    assert_mistake(line!(), words, || Dual::variable(Dual::variable(1.0)).clamp(1.0, 0.0));
    assert_mistake(line!(), words, || Duals::variables([1.0])[0].clamp(1.0, 0.0));
    assert_mistake(line!(), words, || statement([x], |[x]| x.clamp(1.0, 0.0)));
}

#[test]
fn a_leaked_guard_never_dangles() {
    on_a_thread_of_its_own(|| {
        let leaked = Tape::new();
        let x = leaked.var(3.0);
        mem::forget(leaked);
        assert_alive();
        for n in [1, 10, 10_000] {
            let tape = Tape::new();
            let y = tape.var(1.0);
            let chain = (0..n).fold(y * y, |chain, _| chain * y);
            assert_eq!(chain.backward().wrt(y), f64::from(n) + 2.0);
        }
        // Its variables live on with it.
        assert_eq!((x * x * 2.0).backward().wrt(x), 12.0);
        assert_mistake(line!(), BOTH_LIVE, || gradient(|y| x * y, 1.0));
        // Leaked inside an evaluation, or inside a recording whose own guard is dropped, it ends with that.
        let slope = derivative(
            |x| {
                mem::forget(Tape::new());
                x * x
            },
            3.0,
        );
        assert_eq!(slope, 6.0);
        let outer = Tape::new();
        mem::forget(Tape::new());
        mistake(|| drop(outer));
        assert_alive();
        assert_eq!((x * x * 2.0).backward().wrt(x), 12.0);
    });
}

#[test]
fn a_guard_may_last_until_its_thread_ends() {
    thread_local! {
        static KEPT: RefCell<Vec<Tape>> = const { RefCell::new(Vec::new()) };
    }
    // Whichever of the two, the guard or the recordings of the thread, is torn down first.
    on_a_thread_of_its_own(|| KEPT.with_borrow_mut(|kept| kept.push(Tape::new())));
    on_a_thread_of_its_own(|| {
        assert_alive();
        KEPT.with_borrow_mut(|kept| kept.push(Tape::new()));
        assert_alive();
    });
}

#[test]
fn a_guard_leaked_in_a_term_of_a_sum_is_reported() {
    on_a_thread_of_its_own(|| {
        let tape = Tape::new();
        let x = tape.var(3.0);
        let leak = |t: &[Var]| {
            mem::forget(Tape::new());
            t[0]
        };
        let words = "a term of `sum_of` left a recording of its own open";
        assert_mistake(line!(), words, || sum_of(&[x], 2, |t, _| leak(t)));
    });
}

#[test]
fn a_panic_in_a_closure_leaves_nothing_behind() {
    for after in [0, 1, 7] {
        // In the midst of terms that have already gathered something, of nested recordings, of a statement.
        mistake(|| gradient(|x| if x.len() == 3 { panic!("mine") } else { x[0] }, &[1.0, 2.0, 3.0]));
        assert_alive();
        let terms = |t: &[Var], i| if i == after { panic!("mine") } else { t[0] * t[1] + t[2] };
        mistake(|| gradient(|x| sum_of(x, 9, terms), &[2.0, 3.0, 5.0]));
        assert_alive();
        mistake(|| gradient(|x| gradient(|y| sum_of(y, 9, terms), &[1.0; 3])[0] * x, 2.0));
        assert_alive();
        mistake(|| gradient(|x| statement(x, |_: [Duals<3>; 3]| panic!("mine")), [2.0, 3.0, 5.0]));
        assert_alive();
    }
    // Caught inside the objective, the evaluation goes on.
    let slopes = gradient(
        |[x, y]| {
            mistake(|| sum_of(&[x, y], 3, |t, i| if i == 2 { panic!("mine") } else { t[0] * t[1] }));
            x * y
        },
        [2.0, 3.0],
    );
    assert_eq!(slopes, [3.0, 2.0]);
}
