//! `cargo bench -p yidu-readset`: what the budgets of a message in a group of a million cost.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a bench reports by panic and print")]

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use yidu_readset::{AudienceSpec, DecodeError, Filter, Ordinal, ReadSet, Roster, counts, page};

const MILLION: u32 = 1_000_000;
const SENT_AT: u64 = 1_700_000_000_000;
const SPEC: AudienceSpec = AudienceSpec { seq: 500, sender: Some(0), targets: None };

fn main() {
    print_bytes_per_receipt();
    divan::main();
}

/// Splitmix64: the same numbers in every run.
fn random(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// `readers` of `members` in tenths of a per cent, who read within an hour.
fn set(members: u32, per_mille: u64) -> ReadSet {
    let mut set = ReadSet::new(SENT_AT);
    for o in (1..members).filter(|&o| random(o.into()) % 1_000 < per_mille) {
        set.insert(o, SENT_AT + random(u64::from(o) << 32) % 3_600_000);
    }
    set
}

/// A million who joined at once; so many have left, at seqs 1 to 1,000, and every third of them came back
/// 100 messages later.
fn roster(leavers: u32) -> Roster {
    let mut roster = Roster::new();
    (0..MILLION).for_each(|_| _ = roster.join_new(1));
    let mut moves: Vec<(u64, Ordinal, bool)> = Vec::new();
    for i in 0..leavers {
        let o = u32::try_from(u64::from(i) * u64::from(MILLION - 1) / u64::from(leavers)).unwrap() + 1;
        let at = 1 + random(i.into()) % 1_000;
        moves.push((at, o, false));
        if i % 3 == 0 {
            moves.push((at + 100, o, true));
        }
    }
    moves.sort_unstable();
    for (at, o, back) in moves {
        if back { roster.rejoin(o, at) } else { roster.leave(o, at) }.unwrap();
    }
    roster
}

fn print_bytes_per_receipt() {
    for (members, per_mille) in [(50, 1_000), (500, 900), (5_000, 500), (100_000, 900), (MILLION, 300)] {
        let set = set(members, per_mille);
        let bytes = if set.fits_whole() {
            set.encode_whole().len()
        } else {
            parts(&set).1.iter().map(Vec::len).sum()
        };
        let (at_rest, in_memory) = (bytes as f64, set.heap_bytes() as f64);
        let len = f64::from(set.len());
        println!(
            "{members:>8} members, {:>6} receipts within an hour: {:.2} bytes at rest, {:.2} in memory, each",
            set.len(),
            at_rest / len,
            in_memory / len
        );
    }
    let whole = roster(0);
    let churned = roster(10_000);
    let records = |roster: &Roster| (0..977).map(|i| roster.encode_chunk(i).unwrap().len()).sum::<usize>();
    println!("roster of a million: {} bytes in memory, {} at rest", whole.heap_bytes(), records(&whole));
    println!("  10,000 have left: {} bytes in memory, {} at rest", churned.heap_bytes(), records(&churned));
}

fn parts(set: &ReadSet) -> (Vec<u8>, Vec<Vec<u8>>) {
    (set.encode_head(), (0..977).map_while(|index| set.encode_chunk(index)).collect())
}

/// Receipts in random order into a set of this many members.
#[divan::bench(args = [2, 17, 200, 10_000, MILLION], max_time = 3)]
fn insert(bencher: Bencher, members: u32) {
    let mut order: Vec<Ordinal> = (0..members).collect();
    order.sort_unstable_by_key(|&o| random(o.into()));
    bencher.counter(ItemsCount::new(members)).with_inputs(|| ReadSet::new(SENT_AT)).bench_local_values(
        |mut set| {
            for &o in &order {
                set.insert(o, SENT_AT + u64::from(o));
            }
            set
        },
    );
}

#[divan::bench(args = [0, 1_000, 10_000, 100_000, 500_000])]
fn count_of_a_million(bencher: Bencher, leavers: u32) {
    let (roster, set) = (roster(leavers), set(MILLION, 500));
    bencher.bench_local(|| counts(&roster, black_box(&SPEC), MILLION - 1, &set));
}

#[divan::bench(args = [0, 10_000, 500_000])]
fn members_of_a_million_at_a_seq(bencher: Bencher, leavers: u32) {
    let roster = roster(leavers);
    bencher.bench_local(|| roster.members_at(black_box(500)));
}

fn bench_page(bencher: Bencher, leavers: u32, per_mille: u64, cursor: Ordinal, filter: Filter) {
    let (roster, set) = (roster(leavers), set(MILLION, per_mille));
    bencher.bench_local(|| page(&roster, black_box(&SPEC), &set, filter, cursor, 100));
}

/// Unread, by how many in a thousand have read.
#[divan::bench(args = [0, 500, 990, 1_000], consts = [0, 500_000, 999_000], max_time = 1)]
fn unread_page_of_a_million<const CURSOR: u32>(bencher: Bencher, per_mille: u64) {
    bench_page(bencher, 1_000, per_mille, CURSOR, Filter::Unread);
}

#[divan::bench(args = [10, 500, 1_000], consts = [0, 500_000, 999_000], max_time = 1)]
fn read_page_of_a_million<const CURSOR: u32>(bencher: Bencher, per_mille: u64) {
    bench_page(bencher, 1_000, per_mille, CURSOR, Filter::Read);
}

/// Everybody has read: the walk passes the whole roster and finds nobody.
#[divan::bench(args = [0, 10_000, 500_000])]
fn unread_page_that_walks_it_all(bencher: Bencher, leavers: u32) {
    bench_page(bencher, leavers, 1_000, 0, Filter::Unread);
}

#[divan::bench(args = [1_000, 10_000, 500_000])]
fn left_page_of_a_million(bencher: Bencher, leavers: u32) {
    bench_page(bencher, leavers, 500, 0, Filter::Left);
}

#[divan::bench(args = [50, 1_000])]
fn encode_whole(bencher: Bencher, members: u32) {
    let set = set(members, 900);
    bencher.counter(ItemsCount::new(set.len())).bench_local(|| set.encode_whole());
}

#[divan::bench(args = [50, 1_000])]
fn decode_whole(bencher: Bencher, members: u32) {
    let record = set(members, 900).encode_whole();
    let len = ReadSet::decode_whole(&record).unwrap().len();
    bencher.counter(ItemsCount::new(len)).bench_local(|| ReadSet::decode_whole(&record));
}

#[divan::bench]
fn encode_chunks(bencher: Bencher) {
    let set = set(100_000, 900);
    bencher.counter(ItemsCount::new(set.len())).bench_local(|| parts(&set));
}

#[divan::bench]
fn decode_chunks(bencher: Bencher) {
    let set = set(100_000, 900);
    let (head, chunks) = parts(&set);
    let fetch = |index: u32| Ok::<_, DecodeError>(chunks[index as usize].clone());
    bencher.counter(ItemsCount::new(set.len())).bench_local(|| ReadSet::from_parts(&head, fetch));
}

#[divan::bench]
fn merge_halves_of_100_000(bencher: Bencher) {
    let (all, half) = (set(100_000, 1_000), set(100_000, 500));
    let inputs = bencher.counter(ItemsCount::new(all.len())).with_inputs(|| half.clone());
    inputs.bench_local_values(|mut set| set.merge(&all));
}

#[divan::bench(args = [0, 10_000, 500_000])]
fn load_roster_of_a_million(bencher: Bencher, leavers: u32) {
    let roster = roster(leavers);
    let records: Vec<_> = (0..977).map(|index| roster.encode_chunk(index).unwrap()).collect();
    let fetch = |index: u32| Ok::<_, DecodeError>(records[index as usize].clone());
    bencher.bench_local(|| Roster::from_chunks(MILLION, fetch));
}
