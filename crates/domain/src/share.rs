//! How the messages of a lane take turns.
//!
//! A message's part of a lane is its *share*. Each share has a tag that grows with every delivery
//! claimed from it, and whoever has the smallest tag is next: messages of equal priority advance
//! alternately however long they are. A share that comes late starts at the lane's clock, the tag
//! served last, so it neither waits for those before it nor catches up on what it never asked for.
//! (This is start-time fair queueing: Goyal, Vin and Cheng, SIGCOMM 1996.)

use crate::MessageId;
use crate::message::Priority;

/// A share that has something due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    /// Whose it is.
    pub message: MessageId,
    /// How its message stands to others.
    pub priority: Priority,
    /// Its tag.
    pub tag: i64,
    /// Most deliveries that may be claimed from it; `None` for any number.
    pub most: Option<u64>,
}

/// What is claimed from one share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Portion {
    /// Whose share.
    pub message: MessageId,
    /// Deliveries to be claimed; never zero.
    pub count: usize,
    /// Its tag after that.
    pub tag: i64,
}

/// Tags that a delivery costs: a bulk message gets one turn where a normal one gets eight, so that
/// it waits but never starves.
const fn cost(priority: Priority) -> i64 {
    match priority {
        Priority::Urgent | Priority::Normal => 1,
        Priority::Bulk => 8,
    }
}

/// Whether a share stands before another of the same tag.
const fn rank(priority: Priority) -> u8 {
    match priority {
        Priority::Urgent => 0,
        Priority::Normal | Priority::Bulk => 1,
    }
}

/// Divides `room` among the shares that are ready, in the order of their first turns, and says what the
/// lane's clock is afterwards.
///
/// Urgent shares go before all others. Only the first `room` of `ready`, in the order of
/// [`turn_order`], can get anything, so more need not be given.
pub fn apportion(ready: &[Ready], clock: i64, room: usize) -> (Vec<Portion>, i64) {
    let mut clock = clock;
    let mut shares: Vec<(Ready, usize)> =
        ready.iter().map(|share| (Ready { tag: share.tag.max(clock), ..*share }, 0)).collect();
    shares.sort_by_key(|(share, _)| turn_order(share));
    for _ in 0..room {
        let open = |(share, count): &&mut (Ready, usize)| share.most.is_none_or(|most| (*count as u64) < most);
        let Some((share, count)) = shares.iter_mut().filter(open).min_by_key(|(share, _)| turn_order(share)) else {
            break;
        };
        clock = clock.max(share.tag);
        share.tag = share.tag.saturating_add(cost(share.priority));
        *count += 1;
    }
    let portions = shares.into_iter().filter(|(_, count)| *count > 0);
    let portions = portions.map(|(share, count)| Portion { message: share.message, count, tag: share.tag });
    (portions.collect(), clock)
}

/// The order in which shares get their turn, smallest first.
pub fn turn_order(share: &Ready) -> (u8, i64, MessageId) {
    (rank(share.priority), share.tag, share.message)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn share(number: u128, priority: Priority, tag: i64) -> Ready {
        Ready { message: MessageId::from_uuid(Uuid::from_u128(number)), priority, tag, most: None }
    }

    /// Deliveries of each share after so many claims of `room`, all shares being ready all the time.
    fn run(mut shares: Vec<Ready>, rooms: &[usize]) -> BTreeMap<MessageId, usize> {
        let (mut clock, mut served) = (0, BTreeMap::new());
        for &room in rooms {
            let (portions, now) = apportion(&shares, clock, room);
            clock = now;
            for portion in portions {
                *served.entry(portion.message).or_default() += portion.count;
                let own = shares.iter_mut().find(|share| share.message == portion.message).unwrap();
                own.tag = portion.tag;
            }
        }
        served
    }

    fn priorities() -> impl Strategy<Value = Priority> {
        prop_oneof![Just(Priority::Urgent), Just(Priority::Normal), Just(Priority::Bulk)]
    }

    proptest! {
        #[test]
        fn equal_messages_share_a_lane_evenly(count in 1..12_u128, rooms in prop::collection::vec(1..40_usize, 1..50)) {
            let shares = (0..count).map(|number| share(number, Priority::Normal, 0)).collect();
            let served = run(shares, &rooms);
            let all = (0..count).map(|n| served.get(&MessageId::from_uuid(Uuid::from_u128(n))).copied().unwrap_or(0));
            let (least, most) = (all.clone().min().unwrap(), all.max().unwrap());
            prop_assert!(most - least <= 1, "{served:?}");
        }

        #[test]
        fn all_room_is_used_and_none_twice(
            shares in prop::collection::vec((priorities(), 0..50_i64, prop::option::of(0..9_u64)), 0..12),
            clock in 0..50_i64, room in 0..300_usize,
        ) {
            let ready: Vec<Ready> = shares.into_iter().zip(0..)
                .map(|((priority, tag, most), number)| Ready { most, ..share(number, priority, tag) }).collect();
            let (portions, after) = apportion(&ready, clock, room);
            let given: usize = portions.iter().map(|portion| portion.count).sum();
            let possible = ready.iter().fold(0_u64, |sum, share| sum.saturating_add(share.most.unwrap_or(u64::MAX)));
            prop_assert_eq!(given as u64, (room as u64).min(possible));
            prop_assert!(after >= clock);
            for portion in &portions {
                let own = ready.iter().find(|share| share.message == portion.message).unwrap();
                prop_assert!(portion.count > 0 && own.most.is_none_or(|most| portion.count as u64 <= most));
            }
        }

        #[test]
        fn only_the_first_in_turn_get_anything(
            tags in prop::collection::vec((priorities(), 0..50_i64), 1..30), clock in 0..50_i64, room in 1..20_usize,
        ) {
            let mut ready: Vec<Ready> =
                tags.into_iter().zip(0..).map(|((priority, tag), number)| share(number, priority, tag.max(clock))).collect();
            let (mut all, _) = apportion(&ready, clock, room);
            ready.sort_by_key(turn_order);
            ready.truncate(room);
            let (mut first, _) = apportion(&ready, clock, room);
            all.sort_by_key(|portion| portion.message);
            first.sort_by_key(|portion| portion.message);
            prop_assert_eq!(all, first);
        }
    }

    #[test]
    fn an_urgent_message_goes_before_all_others() {
        let (portions, _) = apportion(&[share(1, Priority::Normal, 0), share(2, Priority::Urgent, 900)], 0, 5);
        assert_eq!(portions, [Portion { message: share(2, Priority::Urgent, 0).message, count: 5, tag: 905 }]);
    }

    #[test]
    fn a_bulk_message_gets_one_turn_in_nine_beside_a_normal_one() {
        let served = run(vec![share(1, Priority::Normal, 0), share(2, Priority::Bulk, 0)], &[5; 180]);
        assert_eq!(served.into_values().collect::<Vec<_>>(), [800, 100]);
    }

    #[test]
    fn who_comes_late_starts_now_and_takes_turns_at_once() {
        let old = share(1, Priority::Normal, 100_000);
        let (portions, _) = apportion(&[old, share(2, Priority::Normal, 0)], 99_999, 4);
        assert_eq!(portions.iter().map(|portion| portion.count).collect::<Vec<_>>(), [2, 2]);
    }
}
