mod any_card;
mod build;
mod check;
mod check_rules;
mod round_trip;
mod size;
mod version;
