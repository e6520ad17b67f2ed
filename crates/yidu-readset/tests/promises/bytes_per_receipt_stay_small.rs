//! At most four bytes a receipt at rest, times included (`performance.md`).

use yidu_readset::ReadSet;

const SENT_AT: u64 = 1_700_000_000_000;

/// Splitmix64: the same numbers in every run.
fn random(seed: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Exponential delay: most read soon, some late.
fn delay(seed: u64, mean: f64) -> u64 {
    let uniform = (random(seed) >> 11) as f64 / (1_u64 << 53) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "finite and positive")]
    let delay = (-(1.0 - uniform).ln() * mean) as u64;
    delay
}

fn stored(set: &ReadSet, members: u32) -> usize {
    if set.fits_whole() {
        return set.encode_whole().len();
    }
    let chunks = (0..members.div_ceil(1024)).filter_map(|index| set.encode_chunk(index));
    set.encode_head().len() + chunks.map(|chunk| chunk.len()).sum::<usize>()
}

#[test]
fn in_groups_of_fifty_to_a_hundred_thousand_that_read_within_minutes_to_hours() {
    for members in [50, 500, 1_000, 5_000, 100_000] {
        for (spread, mean) in [("2 minutes", 120e3), ("20 minutes", 1_200e3), ("2 hours", 7_200e3)] {
            for percent in [20, 50, 90, 100] {
                let mut set = ReadSet::new(SENT_AT);
                for o in (1..members).filter(|&o| random(u64::from(o) << 32) % 100 < percent) {
                    set.insert(o, SENT_AT + delay(u64::from(o), mean));
                }
                let bytes = stored(&set, members) as f64 / f64::from(set.len());
                println!(
                    "{members:>7} members, {percent:>3} % read, mean {spread:>10}: {bytes:.2} bytes a receipt"
                );
                // The fixed part of a record weighs on a handful of receipts; no layout changes that.
                assert!(bytes <= if set.len() < 30 { 6.0 } else { 4.0 });
            }
        }
    }
}
