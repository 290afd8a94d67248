use aws_lc_rs::digest::{SHA512, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// Reproducible chance: `SplitMix64`. Good enough for names and ids, not for secrets.
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number of `0.0..1.0`.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are kept, which is what fits")]
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// One of a list; `None` of an empty one.
    pub(crate) fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        let at = self.next() % u64::try_from(list.len()).ok().filter(|len| *len > 0)?;
        list.get(usize::try_from(at).ok()?)
    }

    /// A lower-case GUID of version 4.
    pub(crate) fn guid(&mut self) -> String {
        let (high, low) = (self.next(), self.next());
        format!(
            "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
            high >> 32,
            (high >> 16) & 0xffff,
            high & 0xfff,
            ((low >> 48) & 0x3fff) | 0x8000,
            low & 0xffff_ffff_ffff
        )
    }
}

/// Text that looks random but depends only on the seed and the parts: ids that must come out the same again.
pub(crate) fn opaque(seed: u64, parts: &[&str]) -> String {
    let mut input = seed.to_be_bytes().to_vec();
    for part in parts {
        input.extend_from_slice(part.as_bytes());
        input.push(0);
    }
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA512, &input))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_its_ids() {
        assert_eq!(Chance::new(7).guid(), Chance::new(7).guid());
        assert_ne!(Chance::new(7).guid(), Chance::new(8).guid());
        assert_eq!(Chance::new(7).guid().len(), 36);
        assert_eq!(opaque(1, &["a", "b"]), opaque(1, &["a", "b"]));
        assert_ne!(opaque(1, &["a", "b"]), opaque(1, &["ab", ""]));
    }
}
