//! What Pregón decides: records, ports, pacing, retry, rendering. Pure code.
