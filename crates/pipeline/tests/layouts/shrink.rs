//! What of a layout it takes to be read otherwise than meant.

use crate::features::Input;
use crate::judge::judge;
use crate::table::sound;
use programme::Programme;

/// The input without all that is not needed for a silent difference.
pub(crate) fn shrunk(programme: &Programme, input: &Input) -> Input {
    let mut least = input.clone();
    loop {
        let smaller: Vec<Input> = candidates(&least);
        let verdicts = judge(programme, &smaller);
        let silent: Vec<&Input> = smaller
            .iter()
            .zip(&verdicts)
            .filter(|(_, verdict)| verdict.is_silent())
            .map(|(smaller, _)| smaller)
            .collect();
        let Some(first) = silent.first() else {
            return least;
        };
        // Most of the rest can often go at once.
        let kept = silent[0].layout.features();
        let not_needed: Vec<_> = kept
            .into_iter()
            .filter(|feature| {
                silent[1..]
                    .iter()
                    .any(|other| other.layout.is_plain(*feature))
            })
            .collect();
        let together = with_layout(first, first.layout.without(&not_needed));
        least = if judge(programme, std::slice::from_ref(&together))[0].is_silent() {
            together
        } else {
            (*first).clone()
        };
    }
}

fn with_layout(input: &Input, layout: crate::features::Layout) -> Input {
    Input {
        layout: sound(input.form, layout),
        ..input.clone()
    }
}

/// Inputs that are a step smaller: without one feature, or with fewer cases.
fn candidates(input: &Input) -> Vec<Input> {
    let mut smaller: Vec<Input> = input
        .layout
        .features()
        .into_iter()
        .map(|feature| with_layout(input, input.layout.without(&[feature])))
        .collect();
    for count in [2, input.draws.len() - 1] {
        if count >= 2 && count < input.draws.len() {
            smaller.push(Input {
                draws: input.draws[..count].to_vec(),
                ..input.clone()
            });
        }
    }
    smaller
}
