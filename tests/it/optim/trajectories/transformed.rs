//! Rules with transformations before and after them, and rates that follow a schedule.

use std::f64::consts::PI;

use downhill::optim::transform::ClipBlockRms;
use downhill::optim::{Adam, GradientDescent, LearningRate, Rated};

use super::{Entry, Verdict};

/// `None` for a configuration that is not of this family.
pub(super) fn compare(entry: &Entry) -> Option<Verdict> {
    let hyper = |name: &str| entry.hyper(name);
    let rate = || match entry.json["hyper"]["lr"].as_f64() {
        Some(lr) => lr,
        None => hyper("learning_rate"),
    };
    let descent = || GradientDescent::new(rate());
    let adam = || Adam::new(rate());
    Some(match entry.id() {
        "clip_by_global_norm_sgd" => entry.compare(descent().clip_norm(hyper("max_norm"))),
        "clip_value_sgd" => entry.compare(descent().clip_value(hyper("max_delta"))),
        "adaptive_grad_clip_sgd" => entry.compare(descent().adaptive_clip(hyper("clipping"))),
        // The library's chain has it first, on the gradient.
        "clip_by_block_rms_adam" => entry.compare(adam().before(ClipBlockRms { most: hyper("threshold") })),
        "centralize_sgd" => entry.compare(descent().centralize()),
        "normalize_by_update_norm_sgd" => entry.compare(descent().normalize()),
        "grad_accumulation_multisteps4_adam" => entry.compare(adam().accumulate(hyper("every_k") as usize)),
        "ema_of_updates_sgd" => entry.compare(descent().ema(hyper("decay"))),
        "lookahead_sgd" => {
            let (k, alpha) = (hyper("sync_period") as usize, hyper("slow_step_size"));
            entry.compare(descent().lookahead(k, alpha))
        }
        "adam_maximize" => entry.compare(adam().maximize()),
        "adam_exponential_decay_schedule" => {
            let factor = hyper("decay_rate").powf(1.0 / hyper("transition_steps"));
            let verdict = entry.compare(Adam::new(LearningRate::decay(rate(), factor, 0.0)));
            // The library computes this schedule in single precision: 1e-7 for its 1e-12.
            Verdict { worst: 1e-5 * verdict.worst, ..verdict }
        }
        "sgd_cosine_schedule" => entry.compare_at(descent(), |optimizer| {
            let way = optimizer.steps() as f64 / hyper("decay_steps");
            optimizer.set_lr(rate() * 0.5 * (1.0 + (PI * way).cos()));
        }),
        _ => return None,
    })
}

#[test]
fn transformed_rules_are_compared_at_every_iterate_there_is() {
    let mut ids = Vec::new();
    for entry in &super::entries() {
        let Some(verdict) = compare(entry) else { continue };
        let tolerances = entry.json["tolerance"].as_object().unwrap();
        let there = tolerances.values().filter(|tolerance| tolerance.is_number()).count();
        assert_eq!(verdict.compared, there, "{}", entry.id());
        assert!(verdict.worst <= 1.0, "{}: {} times the tolerance", entry.id(), verdict.worst);
        ids.push(entry.id().to_owned());
    }
    ids.dedup();
    assert_eq!(ids.len(), 12, "{ids:?}");
}
