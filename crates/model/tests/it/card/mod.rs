mod any_card;
mod build;
mod round_trip;
mod size;
mod version;
