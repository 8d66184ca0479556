"""A bar for what takes long: tqdm's, after two seconds."""

PATIENCE = 2.0  # seconds, after which a bar is shown


def bar(what, total, shown, *, patience=PATIENCE, **options):
    """Return tqdm's bar, to be entered with `with`; it stays away from what ends soon."""
    from tqdm import tqdm

    # No thread to look after it: a process with threads should not fork.
    kind = type("tqdm", (tqdm,), {"monitor_interval": 0})
    options |= {"desc": what, "total": total, "disable": not shown, "delay": patience}
    return kind(leave=False, **options)
