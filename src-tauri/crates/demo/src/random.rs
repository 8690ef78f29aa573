//! Randomness without a generator: every question hashes what it asks, so the order of questions changes nothing.

/// What a number is drawn for; keeps the draws of different questions apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub(crate) enum Topic {
    Identity = 1,
    Latency,
    Memory,
    Cpu,
    Traffic,
    Flaky,
    LogFault,
    Client,
}

/// 64 even bits for (`seed`, `topic`, `a`, `b`): the finaliser of SplitMix64 (Steele, Lea, Flood 2014; constants by
/// David Stafford, "Mix13"), applied once for each part.
pub(crate) const fn draw(seed: u64, topic: Topic, a: u64, b: u64) -> u64 {
    mix(mix(mix(seed ^ (topic as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)) ^ a) ^ b)
}

/// A number in [0, 1) from 64 even bits.
pub(crate) fn unit(bits: u64) -> f64 {
    (bits >> 11) as f64 / (1_u64 << 53) as f64
}

/// A number that is normally distributed (mean 0, deviation 1) as nearly as four even ones added up are, and never
/// beyond `cap`. No logarithm: a simulated day draws some thirty thousand.
pub(crate) fn normal(bits: u64, cap: f64) -> f64 {
    let lanes = [bits & 0xffff, bits >> 16 & 0xffff, bits >> 32 & 0xffff, bits >> 48];
    let sum: f64 = lanes.iter().map(|l| *l as f64 / 65_536.0).sum();
    // Four even numbers have the mean 2 and the variance 4/12.
    ((sum - 2.0) * 3.0_f64.sqrt()).clamp(-cap, cap)
}

const fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_even_and_their_sums_normal() {
        let n = 20_000_u64;
        let units: Vec<f64> = (0..n).map(|i| unit(draw(7, Topic::Latency, 0, i))).collect();
        let mean = units.iter().sum::<f64>() / n as f64;
        assert!((mean - 0.5).abs() < 0.01, "{mean}");
        let normals: Vec<f64> = (0..n).map(|i| normal(draw(7, Topic::Latency, 1, i), 3.0)).collect();
        let mean = normals.iter().sum::<f64>() / n as f64;
        let deviation = (normals.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n as f64).sqrt();
        assert!(mean.abs() < 0.03 && (deviation - 1.0).abs() < 0.03, "{mean} {deviation}");
    }

    #[test]
    fn seed_topic_and_both_parts_matter() {
        let base = draw(1, Topic::Cpu, 2, 3);
        for other in [
            draw(2, Topic::Cpu, 2, 3),
            draw(1, Topic::Memory, 2, 3),
            draw(1, Topic::Cpu, 3, 3),
            draw(1, Topic::Cpu, 2, 4),
            draw(1, Topic::Cpu, 3, 2),
        ] {
            assert_ne!(base, other);
        }
    }
}
