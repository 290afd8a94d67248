# Ends a throw-away cluster when no test holds it any more. Arguments: the directory, how long it must
# have been unused (seconds), the directory of PostgreSQL's programs, and what to run them through.
dir=$1 unused=$2 bin=$3
shift 3
# One of these a cluster: whoever starts another finds the lock taken.
exec 8>"$dir/reaper"
flock -n 8 || exit 0
while sleep 1; do
    [ -z "$(find "$dir/hold" -newermt "-$unused seconds")" ] || continue
    exec 9<"$dir/hold"
    flock -n 9 || continue
    "$@" "$bin/pg_ctl" -D "$dir/cluster/data" -m immediate stop
    # The shared one's directory stays: others may be waiting for its locks.
    if [ "$unused" = 0 ]; then rm -rf "$dir"; else rm -rf "$dir/cluster"; fi
    # In this order: whoever waits for `hold` must find that there is no reaper.
    exec 8>&-
    exit 0
done
