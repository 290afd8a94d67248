//! What every store must do, as sentences that can be run.
//!
//! [`conformance_tests!`](crate::conformance_tests) makes one test of each; [`random::agree`] drives
//! two stores with the same operations and compares what they answer.
#![expect(clippy::missing_panics_doc, reason = "a check fails by panicking")]

pub mod afterwards;
pub mod captures;
pub mod claims;
pub mod keys;
pub mod messages;
pub mod outcomes;
pub mod random;
pub mod scene;
pub mod shares;
pub mod teams;

use std::any::Any;

use pregon_domain::ports::Store;

/// An empty store to check, and what must live as long as it.
pub struct Subject {
    /// The store.
    pub store: Box<dyn Store>,
    _keep: Box<dyn Any + Send>,
}

impl Subject {
    /// A store, and what it needs to live (a directory, a server).
    pub fn new(store: impl Store + 'static, keep: impl Any + Send) -> Self {
        Self { store: Box::new(store), _keep: Box::new(keep) }
    }
}

/// Makes a test of every check. Takes the path of an `async fn() -> Subject` that makes an empty store.
#[macro_export]
macro_rules! conformance_tests {
    ($fresh:path) => {
        $crate::conformance_tests! { @of $fresh;
            messages::an_accepted_message_reads_back_as_it_was
            messages::the_same_request_is_one_message_and_another_body_a_conflict
            messages::an_idempotency_key_is_forgotten_after_24_hours
            messages::messages_are_listed_newest_first_in_pages
            messages::an_audience_is_worked_out_when_its_time_comes_and_goes_on_at_its_cursor
            messages::nobody_gets_a_message_twice_and_only_added_deliveries_are_tallied
            messages::a_delivery_stopped_from_the_start_is_listed_with_its_reason
            messages::deliveries_are_filtered_and_paged_in_the_order_of_ids
            messages::one_delivery_is_found_by_its_id_and_by_its_recipient
            messages::cancelling_stops_what_is_not_in_flight_in_steps
            messages::an_audience_worked_out_after_cancelling_is_stopped
            claims::a_lane_keeps_its_id
            claims::claims_come_in_the_order_of_due_times_and_no_more_than_asked
            claims::a_claimed_delivery_is_never_claimed_again
            claims::what_comes_late_or_overdue_goes_after_the_mark
            claims::a_claim_tells_all_that_sending_needs
            claims::a_claim_tells_whether_the_person_opted_out_of_the_topic
            claims::a_claim_tells_of_guests_and_closed_references
            claims::the_next_due_time_is_that_of_the_first_unclaimed_delivery
            claims::lanes_do_not_see_each_others_deliveries
            claims::a_closed_lane_is_closed_for_the_next_owner
            shares::equal_messages_advance_alternately
            shares::priorities_decide_whose_turn_it_is
            shares::many_small_messages_are_claimed_together
            shares::a_paused_message_rests_until_it_is_resumed
            shares::failures_pause_a_message_once
            shares::a_message_paused_early_gives_nothing
            shares::a_canary_goes_first_and_then_the_message_rests
            shares::a_canary_is_at_least_one_and_survives_a_pause
            outcomes::every_outcome_is_written_and_tallied
            outcomes::a_settled_delivery_keeps_its_outcome
            outcomes::a_retry_goes_after_the_mark
            outcomes::an_edit_keeps_the_activity_it_changes
            outcomes::a_former_owner_claims_and_settles_nothing
            outcomes::a_new_owner_repeats_what_may_be_repeated
            outcomes::a_new_owner_leaves_at_most_once_messages_uncertain
            outcomes::a_new_owner_always_repeats_edits_and_deletions
            outcomes::what_was_learned_is_written_with_the_outcomes
            outcomes::two_people_who_share_a_created_chat_are_one
            outcomes::recent_attempts_are_remembered_per_conversation
            captures::a_capture_reads_back_and_nothing_missing_overwrites
            captures::a_person_is_found_by_any_key_in_any_case
            captures::another_bot_or_tenant_has_its_own_references
            captures::partial_records_of_one_person_are_merged_and_everything_follows
            captures::a_merged_person_gets_a_waiting_message_once
            captures::a_welcome_generation_begins_with_each_installation
            captures::an_activity_opens_what_was_closed
            captures::an_uninstalled_person_stays_open_through_a_team
            captures::a_channel_met_before_its_team_becomes_the_team
            captures::references_are_paged_oldest_first
            captures::an_activity_is_seen_first_once_in_24_hours
            captures::an_opt_out_can_be_taken_back
            teams::a_roster_is_returned_in_its_order_and_repeats_nothing
            teams::a_member_who_left_the_last_team_is_out_of_reach_until_back
            teams::a_member_with_another_way_stays_open
            teams::a_removed_team_closes_its_channels_and_those_reached_through_it_alone
            teams::a_roster_merges_partial_records
            afterwards::failed_deliveries_are_sent_again_once
            afterwards::uncertain_deliveries_are_decided
            afterwards::deciding_anew_goes_in_steps
            afterwards::old_deliveries_are_purged_and_their_tallies_stay
            keys::a_key_is_found_by_its_hash_until_it_is_removed
        }
    };
    (@of $fresh:path; $($module:ident :: $check:ident)+) => {$(
        #[tokio::test]
        async fn $check() {
            let subject = $fresh().await;
            $crate::conformance::$module::$check(&*subject.store).await;
        }
    )+};
}
