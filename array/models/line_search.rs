//! The line search: finds a step along a descent direction with sufficient decrease and a sufficiently flat slope.
//!
//! Source: J. J. Moré, D. J. Thuente, "Line search algorithms with guaranteed sufficient decrease", 1994, with the
//! steps of their `dcsrch`. What rounding hides is accepted by the approximate condition of W. W. Hager, H. Zhang, "A
//! new conjugate gradient method with guaranteed descent and an efficient line search", 2005.

/// The share of the decrease that the slope promises which a step must bring.
const DECREASE: f64 = 1e-3;
/// The share of the slope that a step may leave.
const SLOPE: f64 = 0.9;
/// How narrow, relative to its end, an interval is that holds no better step.
const WIDTH: f64 = 1e-10;
/// How many times as far the next step may lead while the function falls on.
const FARTHER: f64 = 4.0;
const STEP_MAX: f64 = 1e20;
/// What rounding changes a sum over the rows by, relative to it.
const ROUNDING: f64 = 16.0 * f64::EPSILON;

/// A step with the value and slope of the function there.
#[derive(Clone, Copy, Debug)]
struct Trial {
    step: f64,
    value: f64,
    slope: f64,
}

/// A search along one direction.
#[derive(Clone, Debug)]
pub(super) struct LineSearch {
    /// The shares of the slope at the start: of the decrease that must be brought, and of the slope that may be left.
    shares: [f64; 2],
    start: Trial,
    /// The best step so far.
    best: Trial,
    /// The other end of the interval that holds a good step.
    other: Trial,
    bracketed: bool,
    /// No step so far had both a decrease and a rising slope.
    first_stage: bool,
    widths: [f64; 2],
    bounds: [f64; 2],
    step: f64,
}

/// What a search says about a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    /// It is good.
    Accept,
    /// This one is to be tried next.
    Try(f64),
    /// No better step can be found in the precision of the numbers.
    Exhausted,
}

impl LineSearch {
    /// Begins at a value with a slope below 0.
    pub(super) fn new(value: f64, slope: f64, first_step: f64) -> LineSearch {
        LineSearch::with([DECREASE, SLOPE], value, slope, first_step)
    }

    fn with(shares: [f64; 2], value: f64, slope: f64, first_step: f64) -> LineSearch {
        let start = Trial { step: 0.0, value, slope };
        LineSearch {
            shares,
            start,
            best: start,
            other: start,
            bracketed: false,
            first_stage: true,
            widths: [STEP_MAX, 2.0 * STEP_MAX],
            bounds: [0.0, first_step * (1.0 + FARTHER)],
            step: first_step,
        }
    }

    /// Judges the step that was to be tried by what was found there.
    pub(super) fn judge(&mut self, value: f64, slope: f64) -> Verdict {
        let trial = Trial { step: self.step, value, slope };
        let [decrease, flatness] = self.shares;
        let promised = decrease * self.start.slope;
        let enough = value <= self.start.value + trial.step * promised;
        if enough && slope.abs() <= -flatness * self.start.slope || self.hides(trial) {
            return Verdict::Accept;
        }
        if self.first_stage && enough && slope >= 0.0 {
            self.first_stage = false;
        }
        let [low, high] = self.bounds;
        let stuck = trial.step <= low || trial.step >= high || high - low <= WIDTH * high;
        if self.bracketed && stuck || trial.step >= STEP_MAX {
            return Verdict::Exhausted;
        }

        // Until a step decreases enough, it is the function less the promised decrease that is searched.
        let tilted = self.first_stage && value <= self.best.value && !enough;
        let tilt = |trial: Trial, by: f64| Trial {
            step: trial.step,
            value: trial.value - trial.step * by,
            slope: trial.slope - by,
        };
        let by = if tilted { promised } else { 0.0 };
        let (mut best, mut other) = (tilt(self.best, by), tilt(self.other, by));
        let next = self.safeguarded(&mut best, &mut other, tilt(trial, by));
        (self.best, self.other) = (tilt(best, -by), tilt(other, -by));

        let mut step = next;
        if self.bracketed {
            let width = (self.other.step - self.best.step).abs();
            if width >= 0.66 * self.widths[1] {
                step = self.best.step + 0.5 * (self.other.step - self.best.step);
            }
            self.widths = [width, self.widths[0]];
            let ends = [self.best.step, self.other.step];
            self.bounds = [ends[0].min(ends[1]), ends[0].max(ends[1])];
        } else {
            let stride = step - self.best.step;
            self.bounds = [step + 1.1 * stride, step + FARTHER * stride];
        }
        step = step.clamp(0.0, STEP_MAX);
        let [low, high] = self.bounds;
        if self.bracketed && (step <= low || step >= high || high - low <= WIDTH * high) {
            step = self.best.step;
        }
        self.step = step;
        Verdict::Try(step)
    }

    /// Whether the change of the value is lost in its rounding, and the slope alone says that the step is good.
    fn hides(&self, trial: Trial) -> bool {
        let change = (trial.value - self.start.value).abs();
        let ([decrease, flatness], slope) = (self.shares, self.start.slope);
        change <= ROUNDING * self.start.value.abs()
            && (2.0 * decrease - 1.0) * slope >= trial.slope
            && trial.slope >= flatness * slope
    }

    /// The next step, by a cubic through two trials or a parabola, which stays where a good one must be; the interval
    /// shrinks to where that is.
    fn safeguarded(&mut self, best: &mut Trial, other: &mut Trial, trial: Trial) -> f64 {
        let opposite = trial.slope * best.slope.signum() < 0.0;
        let secant =
            || trial.step + trial.slope / (trial.slope - best.slope) * (best.step - trial.step);
        let next;
        if trial.value > best.value {
            // Higher: the minimum lies between.
            let (theta, gamma) = cubic(*best, trial, best.step > trial.step);
            let r = (gamma - best.slope + theta) / (gamma - best.slope + gamma + trial.slope);
            let by_cubic = best.step + r * (trial.step - best.step);
            let mean = (best.value - trial.value) / (trial.step - best.step);
            let by_parabola =
                best.step + best.slope / (mean + best.slope) / 2.0 * (trial.step - best.step);
            let nearer = (by_cubic - best.step).abs() < (by_parabola - best.step).abs();
            next = if nearer { by_cubic } else { by_cubic + (by_parabola - by_cubic) / 2.0 };
            self.bracketed = true;
        } else if opposite {
            // Lower, and the slope has turned: the minimum lies between.
            let (theta, gamma) = cubic(*best, trial, trial.step > best.step);
            let r = (gamma - trial.slope + theta) / (gamma - trial.slope + gamma + best.slope);
            let by_cubic = trial.step + r * (best.step - trial.step);
            let by_secant = secant();
            let farther = (by_cubic - trial.step).abs() > (by_secant - trial.step).abs();
            next = if farther { by_cubic } else { by_secant };
            self.bracketed = true;
        } else if trial.slope.abs() < best.slope.abs() {
            // Lower and flatter: the minimum is ahead, and a cubic may have none.
            let (theta, gamma) = cubic(*best, trial, trial.step > best.step);
            let r = (gamma - trial.slope + theta) / (gamma + (best.slope - trial.slope) + gamma);
            let by_cubic = if r < 0.0 && gamma != 0.0 {
                trial.step + r * (best.step - trial.step)
            } else if trial.step > best.step {
                self.bounds[1]
            } else {
                self.bounds[0]
            };
            let by_secant = secant();
            let nearer = (by_cubic - trial.step).abs() < (by_secant - trial.step).abs();
            next = if self.bracketed {
                let step = if nearer { by_cubic } else { by_secant };
                let bound = trial.step + 0.66 * (other.step - trial.step);
                if trial.step > best.step { step.min(bound) } else { step.max(bound) }
            } else {
                let step = if nearer { by_secant } else { by_cubic };
                step.clamp(self.bounds[0], self.bounds[1])
            };
        } else {
            // Lower and no flatter.
            next = if self.bracketed {
                let (theta, gamma) = cubic(*other, trial, trial.step > other.step);
                let r = (gamma - trial.slope + theta) / (gamma - trial.slope + gamma + other.slope);
                trial.step + r * (other.step - trial.step)
            } else if trial.step > best.step {
                self.bounds[1]
            } else {
                self.bounds[0]
            };
        }
        if trial.value > best.value {
            *other = trial;
        } else {
            if opposite {
                *other = *best;
            }
            *best = trial;
        }
        next
    }
}

/// The parameters of the cubic that has the values and slopes of two trials.
fn cubic(from: Trial, to: Trial, negative: bool) -> (f64, f64) {
    let theta = 3.0 * (from.value - to.value) / (to.step - from.step) + from.slope + to.slope;
    let scale = theta.abs().max(from.slope.abs()).max(to.slope.abs());
    let square = (theta / scale).powi(2) - from.slope / scale * (to.slope / scale);
    let gamma = scale * square.max(0.0).sqrt();
    (theta, if negative { -gamma } else { gamma })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps that a search tries, and the slope at the last.
    fn search(
        function: impl Fn(f64) -> (f64, f64),
        shares: [f64; 2],
        first_step: f64,
    ) -> (Vec<f64>, f64) {
        let (value, slope) = function(0.0);
        let mut search = LineSearch::with(shares, value, slope, first_step);
        let mut steps = vec![first_step];
        loop {
            assert!(steps.len() < 100, "{steps:?}");
            let (value, slope) = function(steps[steps.len() - 1]);
            match search.judge(value, slope) {
                Verdict::Accept => return (steps, slope),
                Verdict::Try(step) => steps.push(step),
                Verdict::Exhausted => panic!("{steps:?}"),
            }
        }
    }

    #[test]
    fn the_functions_of_the_paper_take_as_many_steps_as_there() {
        // The function of their table I. Evaluations as there; the last steps are those of SciPy 1.16's DCSRCH.
        let concave = |x: f64| (-x / (x * x + 2.0), (x * x - 2.0) / (x * x + 2.0).powi(2));
        for (first, evaluations, last) in [
            (1e-3, 6, 1.365),
            (1e-1, 3, 1.441_372_079_089_274_1),
            (1e1, 1, 10.0),
            (1e3, 4, 36.887_606_963_966_62),
        ] {
            let (steps, _) = search(concave, [1e-3, 0.1], first);
            assert_eq!(steps.len(), evaluations, "{steps:?}");
            assert!((steps[evaluations - 1] / last - 1.0).abs() < 1e-12, "{steps:?}");
        }
    }

    #[test]
    fn every_accepted_step_keeps_its_promise() {
        // A valley, far away and near, seen from steps that are far too long and too short.
        for far in [1e-6, 1.0, 1e6] {
            let valley = |x: f64| {
                let at = x / far - 1.0;
                ((1.0 + at * at).sqrt(), at / (1.0 + at * at).sqrt() / far)
            };
            for first in [1e-8, 1e-3, 1.0, 1e3, 1e8] {
                let ((value, slope), (steps, left)) =
                    (valley(0.0), search(valley, [1e-3, 0.9], first));
                let last = steps[steps.len() - 1];
                assert!(valley(last).0 <= value + 1e-3 * last * slope, "{steps:?}");
                assert!(left.abs() <= -0.9 * slope && steps.len() <= 40, "{steps:?}");
            }
        }
    }

    #[test]
    fn a_function_that_only_falls_ends() {
        let mut search = LineSearch::new(0.0, -1.0, 1.0);
        let mut step = 1.0;
        let ended = (0..100).any(|_| match search.judge(-step, -1.0) {
            Verdict::Try(next) => {
                step = next;
                false
            }
            verdict => verdict == Verdict::Exhausted,
        });
        assert!(ended, "{step:e}");
    }
}
