//! Every input of the corpus, past crashes among them, is read without a panic by today's code.

use std::fs;
use std::path::Path;

#[test]
fn every_input_of_the_corpus_is_read_without_a_panic() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for (name, target) in pregon_fuzz::TARGETS {
        let inputs: Vec<_> = fs::read_dir(root.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(!inputs.is_empty(), "the corpus of {name} is gone");
        for input in inputs {
            target(&fs::read(&input).unwrap());
        }
    }
}
