//! The delivery engine: claims, paces, sends, settles.
